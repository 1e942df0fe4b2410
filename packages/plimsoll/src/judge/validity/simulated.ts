import { noise } from '../../measure/testing.ts'
import type { RunStarted } from '../../record/events.ts'
import { type IntervalInput, RunBuilder } from '../../record/testing.ts'

/** A simulated run for tests: what went wrong is said in the recipe, all else is as it should be. */
export interface Simulation {
  readonly seconds?: number
  readonly seed?: number
  readonly perSecond?: number
  /** Response time in milliseconds of a request that begins at `t` seconds; log-normal around 20 ms by default. */
  readonly response?: (t: number, normal: () => number) => number
  /** How late the start planned for `t` seconds came, in milliseconds. */
  readonly lateness?: (t: number, normal: () => number) => number
  /** Of a second's planned starts, how many were dropped. */
  readonly dropped?: (second: number) => number
  readonly interval?: (second: number) => Partial<IntervalInput>
  readonly plan?: Partial<RunStarted['plan']>
}

export function simulate(simulation: Simulation = {}): RunBuilder {
  const {
    seconds = 10,
    seed = 1,
    perSecond = 100,
    plan = {},
    interval = (): Partial<IntervalInput> => ({}),
    dropped = () => 0,
  } = simulation
  const { response = (_, normal) => 20 * Math.exp(0.4 * normal()), lateness = () => 0.02 } = simulation
  const { normal } = noise(seed)
  const builder = new RunBuilder(plan)
  builder.intervals(seconds, (second) => {
    const drops = Math.min(perSecond, dropped(second))
    const starts = Array.from({ length: perSecond - drops }, (_, i) => second + i / perSecond)
    const late = starts.map((t) => Math.max(0, lateness(t, normal)))
    const service = starts.map((t) => Math.max(0.05, response(t, normal)))
    const values = service.map((value, i) => value + (late[i] ?? 0))
    const counts = { scheduled: perSecond, started: starts.length, dropped: drops, completed: starts.length }
    const { generator, ...rest } = interval(second)
    return {
      series: [
        { values },
        { values, scope: 'endpoint', name: 'GET /' },
        { values: service, metric: 'http.service_time' },
        { values: late, metric: 'generator.lateness' },
      ],
      shapes: [{ shape: 'arrivals', users: 5, target: perSecond, ...counts }],
      generator: { inFlightRequests: 0, inFlightArea: service.reduce((sum, value) => sum + value, 0), ...generator },
      ...rest,
    }
  })
  return builder
}
