import { type Millis, millis, subtract, toMicros } from '../../base/units.ts'
import type { Series } from '../../measure/recorder.ts'
import { TransportError, type TransportErrorCode } from '../../protocols/http/exchange.ts'
import type { VuContext } from '../vu/context.ts'
import type { Alarm } from '../worker/timeline.ts'

/** What somebody waits for, and how that is measured. */
export interface Wait<Message> {
  readonly wants: (message: Message) => boolean
  readonly timeout: Millis
  /** Counts from here. */
  readonly since: Millis
  readonly series: Series
  /** In reports of failures. */
  readonly name: string
  readonly onTimeout: TransportErrorCode
  /** Called at once, before the next message is looked at; what was waited for is handed on a moment later. */
  readonly onMessage?: (message: Message, at: Millis) => void
  readonly onFailure?: (at: Millis) => void
}

interface Waiter<Message> extends Wait<Message> {
  readonly resolve: (message: Message) => void
  readonly reject: (reason: unknown) => void
  alarm: Alarm | undefined
}

/** Those who wait for a message of one socket; made when the first one does. */
export class Waiters<Message> {
  readonly #context: VuContext
  #waiting: Waiter<Message>[] = []

  constructor(context: VuContext) {
    this.#context = context
  }

  get size(): number {
    return this.#waiting.length
  }

  /** @throws {TransportError} by rejection: the wait's own timeout, or what `fail` is given */
  wait(wait: Wait<Message>): Promise<Message> {
    return new Promise((resolve, reject) => {
      const waiter: Waiter<Message> = { ...wait, resolve, reject, alarm: undefined }
      const { clock, timeline } = this.#context
      waiter.alarm = timeline.at(millis(clock.now() + wait.timeout), () => {
        this.#waiting = this.#waiting.filter((one) => one !== waiter)
        this.#fail(waiter, new TransportError(wait.onTimeout, `${wait.name}: nothing came within ${wait.timeout} ms`))
      })
      this.#waiting.push(waiter)
    })
  }

  /** Hands a message to everybody who wants it. */
  offer(message: Message, at: Millis): void {
    if (this.#waiting.length === 0) return
    const before = this.#waiting
    this.#waiting = before.filter((waiter) => !this.#take(waiter, message, at))
  }

  /** Nothing will come any more. */
  fail(error: unknown): void {
    const failed = this.#waiting
    this.#waiting = []
    for (const waiter of failed) this.#fail(waiter, error)
  }

  #take(waiter: Waiter<Message>, message: Message, at: Millis): boolean {
    try {
      if (!waiter.wants(message)) return false
    } catch (error) {
      waiter.alarm?.cancel()
      waiter.reject(error)
      return true
    }
    waiter.alarm?.cancel()
    waiter.series.record(toMicros(subtract(at, waiter.since)), false)
    waiter.onMessage?.(message, at)
    waiter.resolve(message)
    return true
  }

  #fail(waiter: Waiter<Message>, error: unknown): void {
    waiter.alarm?.cancel()
    const { clock, recorder } = this.#context
    const now = clock.now()
    const waited = toMicros(subtract(now, waiter.since))
    if (error instanceof TransportError && error.code !== 'ABORTED') {
      waiter.series.recordCensored(waited)
      recorder.error(error.code, waiter.name)
    } else {
      waiter.series.recordCensored(waited, false)
    }
    waiter.onFailure?.(now)
    waiter.reject(error)
  }
}
