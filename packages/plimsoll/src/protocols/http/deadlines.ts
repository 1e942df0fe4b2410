import type { Clock } from '../../base/clock.ts'
import { type Millis, millis } from '../../base/units.ts'

/** Timeouts fire up to this late: exact enough for seconds, and one timer instead of one for each request. */
const GRAIN = millis(10)

export interface Expiring {
  /** Where it stands in the list; -1 when it does not. Kept by the list. */
  position: number
  /** The instant of its next timeout. */
  readonly expires: Millis
  /** Called when `expires` has passed: leaves the list, or moves `expires`. */
  expire(now: Millis): void
}

/** All exchanges under way, swept by one coarse timer that rests while there are none. */
export class Deadlines {
  readonly #clock: Clock
  readonly #grain: Millis
  readonly #items: Expiring[] = []
  #sweeping = false
  #cancel: () => void = () => {}
  readonly #sweepBound = () => this.#sweep()

  constructor(clock: Clock, grain: Millis = GRAIN) {
    this.#clock = clock
    this.#grain = grain
  }

  get size(): number {
    return this.#items.length
  }

  add(item: Expiring): void {
    item.position = this.#items.length
    this.#items.push(item)
    if (!this.#sweeping) this.#schedule()
  }

  remove(item: Expiring): void {
    const { position } = item
    if (position < 0) return
    item.position = -1
    const last = this.#items.pop()
    if (last === undefined || last === item) return
    this.#items[position] = last
    last.position = position
  }

  close(): void {
    this.#cancel()
    this.#sweeping = true
  }

  #schedule(): void {
    this.#sweeping = true
    this.#cancel = this.#clock.after(this.#grain, this.#sweepBound)
  }

  /** From the end, since whatever expires leaves by swapping with the last. */
  #sweep(): void {
    const now = this.#clock.now()
    for (let i = this.#items.length - 1; i >= 0; i--) {
      const item = this.#items[i]
      if (item !== undefined && item.expires <= now) item.expire(now)
    }
    if (this.#items.length > 0) this.#schedule()
    else this.#sweeping = false
  }
}
