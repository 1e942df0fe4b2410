import type { Pool } from 'pg'
import type { Logger } from 'pino'
import { insertEvents, type Seen } from './event-store.ts'
import type { SecurityEvent } from './security-event.ts'

/** In milliseconds: how long events wait for others, and for Postgres when it is away. */
const pause = 250
const retryPause = 1_000

const mostAtOnce = 1_000
/** An attack while Postgres is away costs events, and not the memory. */
const mostWaiting = 20_000

/** Writes security events to Postgres in batches: an attack with a thousand events a second is a few statements. */
export class EventLog {
  readonly #pool: Pool
  readonly #log: Logger
  #waiting: Seen[] = []
  #dropped = 0
  #timer: NodeJS.Timeout | undefined
  #writing: Promise<void> = Promise.resolve()

  constructor(pool: Pool, log: Logger) {
    this.#pool = pool
    this.#log = log
  }

  add(event: SecurityEvent): void {
    if (this.#waiting.length >= mostWaiting) {
      this.#dropped += 1
      return
    }
    this.#waiting.push({ event, at: new Date() })
    this.#timer ??= setTimeout(() => void this.flush(), pause)
  }

  /** Resolves when everything that was added has been tried to be written. */
  flush(): Promise<void> {
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#writing = this.#writing.then(() => this.#write())
    return this.#writing
  }

  async close(): Promise<void> {
    await this.flush()
    clearTimeout(this.#timer)
    if (this.#waiting.length > 0) this.#log.error({ events: this.#waiting.length }, 'security events were not stored')
  }

  async #write(): Promise<void> {
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.slice(0, mostAtOnce)
      try {
        await insertEvents(this.#pool, batch)
      } catch (error) {
        this.#log.warn({ err: error, waiting: this.#waiting.length }, 'security events wait for Postgres')
        this.#timer ??= setTimeout(() => void this.flush(), retryPause)
        return
      }
      this.#waiting.splice(0, batch.length)
    }
    if (this.#dropped > 0) this.#log.error({ events: this.#dropped }, 'security events were not stored')
    this.#dropped = 0
  }
}
