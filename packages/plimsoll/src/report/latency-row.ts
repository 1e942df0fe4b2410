import { type Millis, micros, millis, type PerSecond, rateOf, toMillis } from '../base/units.ts'
import { isLowerBound, isRough } from '../measure/quantile-doubt.ts'
import type { SeriesKey } from '../record/events.ts'
import { judgedDuration } from '../record/judged-points.ts'
import type { Distribution, RunRecord, SeriesRecord } from '../record/run-record.ts'
import { succeededOf } from '../record/succeeded.ts'

/** A percentile, with what to bear in mind about it. */
export interface Figure {
  readonly value: Millis
  /** It falls among exchanges that were cut off, which are taken to be the longest: the true one is no smaller. */
  readonly atLeast: boolean
  /** Fewer than ten samples lie beyond it (validity rule V4): it hangs on a handful of events. */
  readonly isRough: boolean
}

export const quantiles = { p50: 0.5, p90: 0.9, p95: 0.95, p99: 0.99, p999: 0.999 } as const
export type QuantileName = keyof typeof quantiles
export type Quantiles = Readonly<Record<QuantileName, Figure | undefined>>

/** One series in numbers: the part that thresholds look at, unless it had nothing there. */
export interface LatencyRow extends SeriesKey {
  readonly window: 'judged' | 'whole'
  readonly count: number
  readonly failed: number
  readonly censored: number
  readonly rate: PerSecond
  readonly min: Millis | undefined
  readonly mean: Millis | undefined
  readonly max: Millis | undefined
  readonly quantiles: Quantiles
  /** Of response times where some failed: the percentiles of those that did not. */
  readonly succeeded: { readonly count: number; readonly quantiles: Quantiles } | undefined
  /** Over the whole run, warm-up and stopping included. */
  readonly total: { readonly count: number; readonly failed: number }
}

export function latencyRow(record: RunRecord, series: SeriesRecord): LatencyRow {
  const { metric, scope, name, whole } = series
  const window = series.judged.count > 0 ? 'judged' : 'whole'
  const distribution = series[window]
  const { histogram, count, failed, censored } = distribution
  const some = count > 0
  const left = succeededOf(record.series, series, window)
  return {
    metric,
    scope,
    name,
    window,
    count,
    failed,
    censored,
    rate: rateOf(count, window === 'judged' ? judgedDuration(record, metric) : record.duration),
    min: some ? toMillis(micros(histogram.min)) : undefined,
    mean: histogram.mean === undefined ? undefined : millis(histogram.mean / 1000),
    max: some ? toMillis(micros(histogram.max)) : undefined,
    quantiles: quantilesOf(distribution),
    succeeded: left && { count: left.count, quantiles: quantilesOf(left) },
    total: { count: whole.count, failed: whole.failed },
  }
}

const quantilesOf = (distribution: Distribution): Quantiles => ({
  p50: figure(distribution, quantiles.p50),
  p90: figure(distribution, quantiles.p90),
  p95: figure(distribution, quantiles.p95),
  p99: figure(distribution, quantiles.p99),
  p999: figure(distribution, quantiles.p999),
})

function figure({ histogram, count, censored }: Distribution, q: number): Figure | undefined {
  const value = histogram.quantile(q)
  if (value === undefined) return undefined
  return {
    value: toMillis(value),
    atLeast: isLowerBound(q, count, censored),
    isRough: isRough(q, count),
  }
}

/** Rows of one metric and scope, those with the most traffic first. */
export const rowsOf = (rows: readonly LatencyRow[], metric: string, scope: SeriesKey['scope']): LatencyRow[] =>
  rows
    .filter((row) => row.metric === metric && row.scope === scope)
    .toSorted((a, b) => b.total.count - a.total.count || a.name.localeCompare(b.name))
