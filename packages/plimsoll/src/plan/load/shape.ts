import type { Duration } from '../duration.ts'
import type { Journey } from '../journey.ts'

/** One stage as the plan writes it; nothing is checked before the plan is compiled. */
export interface StageSpec {
  readonly kind: 'ramp' | 'hold'
  readonly duration: Duration
  /** Users, or arrivals per second, at the stage's end; a hold keeps what it finds. */
  readonly to?: number
}

interface CommonSpec {
  readonly name?: string
  readonly journeys?: readonly (Journey<never> | string)[]
  readonly after?: Duration
  readonly gracefulStop?: Duration
}

export interface StagedSpec extends CommonSpec {
  readonly model: 'closed' | 'open'
  readonly start: number
  readonly stages: readonly StageSpec[]
  readonly maxUsers?: number
  readonly spacing?: 'poisson' | 'even'
}

export interface IterationsSpec extends CommonSpec {
  readonly model: 'iterations'
  readonly users: number
  readonly iterations: number
  readonly shared: boolean
  readonly maxDuration?: Duration
}

export type ShapeSpec = StagedSpec | IterationsSpec

/** A load over time: `users(…)` or `arrivals(…)`. Immutable: every method returns a new shape. */
export abstract class LoadShape<Spec extends ShapeSpec = ShapeSpec> {
  readonly kind = 'plimsoll.load'
  readonly spec: Spec

  constructor(spec: Spec) {
    this.spec = Object.freeze(spec)
  }

  /** The shape's name in reports. */
  named(name: string): this {
    return this.with({ name })
  }

  /** Only these journeys, by their objects or names; all of the plan's otherwise. */
  journeys(...journeys: readonly (Journey<never> | string)[]): this {
    return this.with({ journeys })
  }

  /** Begins this long after the run's start. */
  after(delay: Duration): this {
    return this.with({ after: delay })
  }

  /** How long iterations under way may go on after the last stage; 30 s when not given. */
  gracefulStop(limit: Duration): this {
    return this.with({ gracefulStop: limit })
  }

  protected with(changes: Partial<ShapeSpec>): this {
    const Self = this.constructor as new (spec: ShapeSpec) => this
    return new Self({ ...this.spec, ...changes } as ShapeSpec)
  }
}

/** A load made of stages; each begins where the one before it ended. */
export abstract class StagedLoad extends LoadShape<StagedSpec> {
  /** Changes evenly to `to` over `duration`. */
  ramp(duration: Duration, to: number): this {
    return this.with({ stages: [...this.spec.stages, { kind: 'ramp', duration, to }] })
  }

  /** Stays where it is for `duration`. */
  hold(duration: Duration): this {
    return this.with({ stages: [...this.spec.stages, { kind: 'hold', duration }] })
  }

  /** Ramps to nothing over `duration`. */
  rampDown(duration: Duration): this {
    return this.ramp(duration, 0)
  }
}
