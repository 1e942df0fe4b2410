import type { Duration } from '../duration.ts'
import { type IterationsSpec, LoadShape, StagedLoad, type StagedSpec } from './shape.ts'

/** A number of users that changes over time; each starts its next iteration when the last one has ended. */
export class UsersLoad extends StagedLoad {}

/** Users that do a number of iterations, however long it takes. */
export class IterationsLoad extends LoadShape<IterationsSpec> {}

export interface IterationsOptions {
  /** All users together do the iterations; otherwise each user does that many. */
  readonly shared?: boolean
  /** Ends the shape even when iterations are left; 10 minutes when not given. */
  readonly maxDuration?: Duration
}

/** `users(n)`: still needs to be told how long (`for`), how often (`iterations`) or where to (`ramp`). */
export interface UsersWithoutDuration {
  /** This many users for a time. */
  for(duration: Duration): UsersLoad
  /** Each user does `count` iterations; with `{ shared: true }` all users do them together. */
  iterations(count: number, options?: IterationsOptions): IterationsLoad
  /** From this many users evenly to `to`. */
  ramp(duration: Duration, to: number): UsersLoad
}

const closed = (start: number): StagedSpec => ({ model: 'closed', start, stages: [] })

/**
 * The closed model: a number of users, each of whom waits for answers.
 * @example users(100).for('5m')
 * @example users.ramp('1m', 500).hold('10m').rampDown('1m')
 * @example users(10).iterations(20)
 */
export const users = Object.assign(
  (count: number): UsersWithoutDuration => ({
    for: (duration) => new UsersLoad(closed(count)).hold(duration),
    ramp: (duration, to) => new UsersLoad(closed(count)).ramp(duration, to),
    iterations: (iterations, { shared = false, ...rest } = {}) =>
      new IterationsLoad({ model: 'iterations', users: count, iterations, shared, ...rest }),
  }),
  {
    /** From no users evenly to `to`. */
    ramp: (duration: Duration, to: number): UsersLoad => new UsersLoad(closed(0)).ramp(duration, to),
  },
)
