import type { Outgoing } from './prepared.ts'

/** In milliseconds: what comes sooner after the last replaces what waits. */
const pause = 100

/** How many writes the signals of one channel may cost within a pause. */
const mostWrites = 2_000

/**
 * States that matter only while they are fresh: presence, cursors. The first goes out at once; then, within a pause, only
 * the newest of each key is kept, and of too many for too many receivers some are lost.
 */
export class Signals {
  readonly #send: (outgoing: Outgoing) => void
  readonly #receivers: () => number
  readonly #waiting = new Map<string, Outgoing>()
  #pausing = false

  constructor(send: (outgoing: Outgoing) => void, receivers: () => number) {
    this.#send = send
    this.#receivers = receivers
  }

  push(key: string, outgoing: Outgoing): void {
    if (this.#pausing) {
      this.#waiting.delete(key)
      this.#waiting.set(key, outgoing)
      return
    }
    this.#send(outgoing)
    this.#pausing = true
    setTimeout(this.#resume, pause).unref()
  }

  readonly #resume = (): void => {
    this.#pausing = this.#waiting.size > 0
    const most = Math.max(1, Math.floor(mostWrites / Math.max(1, this.#receivers())))
    for (const outgoing of [...this.#waiting.values()].slice(-most)) this.#send(outgoing)
    this.#waiting.clear()
    if (this.#pausing) setTimeout(this.#resume, pause).unref()
  }
}
