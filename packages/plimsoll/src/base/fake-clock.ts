import type { Clock } from './clock.ts'
import { type Millis, millis } from './units.ts'

/** How long one turn of the event loop takes in fake time. */
const TURN = 0.005

interface Pending {
  due: number
  order: number
  callback: () => void
}

/** A clock that tests move by hand: timers fire in order, a turn of the loop costs 5 µs. */
export class FakeClock implements Clock {
  #now = 0
  #order = 0
  readonly #timers = new Map<number, Pending>()
  #turns: (() => void)[] = []

  now(): Millis {
    return millis(this.#now)
  }

  wall(): number {
    return 1_700_000_000_000 + this.#now
  }

  /** Like Node's timers: at least a millisecond. */
  after(delay: Millis, callback: () => void): () => void {
    const order = this.#order++
    this.#timers.set(order, { due: this.#now + Math.max(1, delay), order, callback })
    return () => this.#timers.delete(order)
  }

  soon(callback: () => void): void {
    this.#turns.push(callback)
  }

  linger(until: Millis): Millis {
    this.#now = Math.max(this.#now, until)
    return this.now()
  }

  /** Moves time on, running what falls due, without letting promises settle in between. */
  advance(by: Millis): void {
    const end = this.#now + by
    while (this.#step(end)) {}
    this.#now = end
  }

  /** Moves time on, letting promises settle after every callback. */
  async run(by: Millis): Promise<void> {
    const end = this.#now + by
    await settle()
    while (this.#step(end)) await settle()
    this.#now = end
  }

  #step(end: number): boolean {
    const turns = this.#turns
    const timer = this.#earliest()
    if (turns.length > 0) {
      if (this.#now + TURN > end) return false
      this.#now += TURN
      this.#turns = []
      for (const turn of turns) turn()
      this.#fireDue()
      return true
    }
    if (timer === undefined || timer.due > end) return false
    this.#now = Math.max(this.#now, timer.due)
    this.#fireDue()
    return true
  }

  #fireDue(): void {
    for (let timer = this.#earliest(); timer !== undefined && timer.due <= this.#now; timer = this.#earliest()) {
      this.#timers.delete(timer.order)
      timer.callback()
    }
  }

  #earliest(): Pending | undefined {
    let first: Pending | undefined
    for (const timer of this.#timers.values()) {
      if (first === undefined || timer.due < first.due) first = timer
    }
    return first
  }
}

/** Enough turns of the microtask queue for a chain of a few promises. */
async function settle(): Promise<void> {
  for (let i = 0; i < 20; i++) await Promise.resolve()
}
