import { performance } from 'node:perf_hooks'
import type { Clock } from '../../base/clock.ts'
import { type Millis, millis, subtract, toMicros } from '../../base/units.ts'
import type { Series } from '../../measure/recorder.ts'

/** How long the event loop has had nothing to do so far. */
export type IdleTime = () => number

/**
 * How long octets had waited in this process, at most, when they were read. All that came while the loop was busy is
 * read in one go, one socket after the other: whoever is read last has waited for all before it. When the poll came
 * back at once, because something had come while the turn before was at work, that turn's time is added; when it had
 * to wait, nothing was there any earlier.
 */
export class ReceiveWait {
  readonly #clock: Clock
  readonly #series: Series
  readonly #idle: IdleTime
  #turnOpen = false
  #turnStart = millis(0)
  #lastRead = millis(0)
  /** What the poll before this turn's reads may have hidden. */
  #before = 0
  #idleBefore = 0
  readonly #turnEnded = (): void => {
    this.#turnOpen = false
    this.#idleBefore = this.#idle()
  }

  constructor(clock: Clock, series: Series, idle: IdleTime = loopIdle) {
    this.#clock = clock
    this.#series = series
    this.#idle = idle
  }

  /** A read at this instant; called again for the same read, it does nothing. */
  read(at: Millis): void {
    if (at === this.#lastRead) return
    this.#lastRead = at
    if (!this.#turnOpen) this.#begin(at)
    this.#series.record(toMicros(millis(subtract(at, this.#turnStart) + this.#before)), false)
  }

  #begin(at: Millis): void {
    this.#turnOpen = true
    this.#before = this.#idle() > this.#idleBefore || this.#turnStart === 0 ? 0 : subtract(at, this.#turnStart)
    this.#turnStart = at
    this.#clock.soon(this.#turnEnded)
  }
}

const loopIdle: IdleTime = () => performance.eventLoopUtilization().idle
