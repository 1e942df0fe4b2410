import type { Duration } from '../duration.ts'
import { StagedLoad, type StagedSpec } from './shape.ts'

/** A rate at which iterations start, whether or not earlier ones have ended. */
export class ArrivalsLoad extends StagedLoad {
  /**
   * The most users at work at once; arrivals beyond are dropped and counted. When not given: ten seconds' worth of the
   * highest rate, but at least 100 and at most 10,000.
   */
  max(users: number): this {
    return this.with({ maxUsers: users })
  }

  /** Equal gaps between arrivals: less noise, for comparing two versions. */
  even(): this {
    return this.with({ spacing: 'even' })
  }

  /** Random gaps, as from many independent people; the default. The planned number still arrives exactly. */
  poisson(): this {
    return this.with({ spacing: 'poisson' })
  }
}

/** `arrivals(rate)`: still needs to be told how long (`for`) or where to (`ramp`). */
export interface ArrivalsWithoutDuration {
  /** This many arrivals per second for a time. */
  for(duration: Duration): ArrivalsLoad
  /** From this rate evenly to `rate` per second. */
  ramp(duration: Duration, rate: number): ArrivalsLoad
}

const open = (start: number): StagedSpec => ({ model: 'open', start, stages: [] })

/**
 * The open model: iterations that start at a rate and wait for nobody.
 * @example arrivals(200).for('5m')
 * @example arrivals.ramp('10m', 5000).max(2000)
 */
export const arrivals = Object.assign(
  (perSecond: number): ArrivalsWithoutDuration => ({
    for: (duration) => new ArrivalsLoad(open(perSecond)).hold(duration),
    ramp: (duration, rate) => new ArrivalsLoad(open(perSecond)).ramp(duration, rate),
  }),
  {
    /** From no arrivals evenly to `rate` per second. */
    ramp: (duration: Duration, rate: number): ArrivalsLoad => new ArrivalsLoad(open(0)).ramp(duration, rate),
  },
)
