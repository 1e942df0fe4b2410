import { setTimeout as delay } from 'node:timers/promises'
import type { Sessions } from '../accounts/principal.ts'
import type { Metrics } from '../metrics/metrics.ts'
import type { Connection } from './connection.ts'

const waves = 20
/** In milliseconds: how long sending all away takes. */
const drainTime = 1_000

/** All open connections of this instance. */
export class Connections {
  readonly #open = new Set<Connection>()
  readonly #ofSession = new Map<string, Set<Connection>>()
  readonly #gauge: Metrics['webSockets']

  constructor(sessions: Sessions, gauge: Metrics['webSockets']) {
    this.#gauge = gauge
    sessions.onEnd((sessionId) => {
      for (const connection of [...(this.#ofSession.get(sessionId) ?? [])]) connection.end('session-ended')
    })
  }

  add(connection: Connection): void {
    const { sessionId } = connection.principal
    const siblings = this.#ofSession.get(sessionId) ?? new Set()
    this.#ofSession.set(sessionId, siblings.add(connection))
    this.#open.add(connection)
    this.#gauge.inc()
    connection.onClose(() => {
      siblings.delete(connection)
      if (siblings.size === 0) this.#ofSession.delete(sessionId)
      this.#open.delete(connection)
      this.#gauge.dec()
    })
  }

  /** Sends all away, a few at a time, so that those who take them over are not stormed. */
  async drain(): Promise<void> {
    const all = [...this.#open]
    const size = Math.ceil(all.length / waves)
    for (let start = 0; start < all.length; start += size) {
      for (const connection of all.slice(start, start + size)) {
        // Not all at the same instant, wherever they go next.
        const wait = Math.round(20 + Math.random() * 180)
        connection.emit({ event: 'reconnect', json: `{"after_ms":${wait}}` })
        connection.end('restart')
      }
      await delay(drainTime / waves)
    }
    // Whoever came in while the others left.
    for (const connection of this.#open) connection.end('restart')
  }
}
