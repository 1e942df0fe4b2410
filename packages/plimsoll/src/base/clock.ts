import { type Millis, millis } from './units.ts'

/**
 * Time as the schedulers see it. `now` is monotonic, in milliseconds with a fractional part, and agrees between the
 * main thread and its worker threads (both count from the process's own start). `wall` is for labels only.
 */
export interface Clock {
  now(): Millis
  /** Milliseconds since 1970. */
  wall(): number
  /** Runs `callback` no earlier than `delay` from now; the returned function cancels it. */
  after(delay: Millis, callback: () => void): () => void
  /** Runs `callback` in the next turn of the event loop. */
  soon(callback: () => void): void
}

// Kept apart: the global is looked up anew at every use.
const { performance } = globalThis

export const systemClock: Clock = {
  now: () => millis(performance.now()),
  wall: () => Date.now(),
  after: (delay, callback) => {
    const timer = setTimeout(callback, delay)
    return () => clearTimeout(timer)
  },
  soon: (callback) => {
    setImmediate(callback)
  },
}
