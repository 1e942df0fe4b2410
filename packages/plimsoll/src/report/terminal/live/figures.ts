import {
  type Millis,
  micros,
  millis,
  type PerSecond,
  type Ratio,
  rateOf,
  share,
  toMillis,
} from '../../../base/units.ts'
import { Histogram } from '../../../measure/histogram.ts'
import type { RunRecord, TimelinePoint } from '../../../record/run-record.ts'

/** The numbers of a run under way. */
export interface LiveFigures {
  readonly users: number
  /** Of requests; of iterations when there are none. */
  readonly rate: PerSecond
  readonly counted: 'req' | 'iterations'
  readonly p95: Millis | undefined
  readonly errors: number
  readonly errorShare: Ratio | undefined
  readonly dropped: number
  /** Iterations under way. */
  readonly inFlight: number
  readonly generator: 'good' | 'strained' | 'overloaded' | undefined
}

/** What is shown as "now". */
export const WINDOW = 5000

/** Rate and p95 of the last seconds; errors and drops of the whole run so far. */
export function liveFigures(record: RunRecord): LiveFigures {
  const { timeline, series, totals, shapes } = record
  const last = timeline.at(-1)
  const first = timeline.findIndex(({ to }) => last !== undefined && to > last.to - WINDOW)
  const recent = first < 0 ? [] : timeline.slice(first)
  const length = millis(recent.reduce((sum, { from, to }) => sum + to - from, 0))
  const traffic = series.find(({ metric, scope }) => metric === 'http.response_time' && scope === 'all')
  const latencies = new Histogram()
  for (const point of traffic?.points.slice(first) ?? []) if (point !== undefined) latencies.add(point.histogram)
  const p95 = latencies.quantile(0.95)
  const iterations = recent.reduce((sum, { completed }) => sum + completed, 0)
  return {
    users: last?.users ?? 0,
    rate: rateOf(traffic === undefined ? iterations : latencies.count, length),
    counted: traffic === undefined ? 'iterations' : 'req',
    p95: p95 === undefined ? undefined : toMillis(micros(p95)),
    errors: traffic === undefined ? totals.failedIterations : totals.failedRequests,
    errorShare:
      traffic === undefined
        ? share(totals.failedIterations, totals.iterations)
        : share(totals.failedRequests, totals.requests),
    dropped: totals.dropped,
    inFlight: shapes.reduce((sum, shape) => sum + shape.inFlight, 0),
    generator: healthOf(recent),
  }
}

/** By the limits of validity rule V2. */
function healthOf(points: readonly TimelinePoint[]): LiveFigures['generator'] {
  const generators = points.flatMap((point) => point.generators)
  if (generators.length === 0) return undefined
  const mean = (of: (one: (typeof generators)[number]) => number): number =>
    generators.reduce((sum, one) => sum + of(one), 0) / generators.length
  const [delay, busy] = [mean((one) => one.loopDelayP99), mean((one) => one.utilization)]
  if (delay > 20 || busy > 0.9) return 'overloaded'
  return delay > 5 || busy > 0.7 ? 'strained' : 'good'
}
