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
  /** Does nothing, keeping the thread, until an instant: for microseconds only. Returns the present. */
  linger(until: Millis): Millis
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
  linger: (until) => {
    let now = performance.now()
    while (now < until) {
      passMicrosecond()
      now = performance.now()
    }
    return millis(now)
  },
}

let passed = 1

/** About a microsecond of arithmetic: reading the clock makes an object each time, and those have to be collected. */
function passMicrosecond(): void {
  let x = passed
  for (let i = 0; i < 700; i++) x = (Math.imul(x, 1_103_515_245) + 12_345) | 0
  passed = x
}
