import type { Millis } from '../../base/units.ts'
import type { ShapeInterval } from '../../record/events.ts'

/** One worker's part of one load shape. */
export interface Executor {
  /** `at` is the run's start on the shared clock; the shape's own offset is counted from there. */
  start(at: Millis): void
  /** Begins no more iterations; those under way may go on until `deadline`, then they are cut. */
  stop(deadline: Millis): void
  /** Called twice a second: looks for hung iterations and passed deadlines. */
  tend(now: Millis): void
  /** What happened since the last call. */
  sample(): ShapeInterval
  /** How long the shape stood at its cap on users since the last call; absent for shapes without a cap. */
  takeTimeAtCap?(): Millis
  /** Settles when every iteration has ended and every user is closed. */
  readonly done: Promise<void>
}
