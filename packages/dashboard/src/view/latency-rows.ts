import { judgedDuration } from '../../../plimsoll/src/record/judged-points.ts'
import type { Distribution, RunRecord, SeriesRecord } from '../../../plimsoll/src/record/run-record.ts'
import { succeededOf } from '../../../plimsoll/src/record/succeeded.ts'
import { quantiles } from './quantiles.ts'

/** Whether tables show the part that thresholds look at, or everything. */
export type Window = 'judged' | 'whole'

/** Percentiles of so many samples, in milliseconds; undefined without samples. */
export interface QuantileRow {
  readonly count: number
  readonly censored: number
  readonly p50: number | undefined
  readonly p90: number | undefined
  readonly p95: number | undefined
  readonly p99: number | undefined
  readonly p999: number | undefined
}

/** One named distribution as a row of a table; latencies in milliseconds, undefined without samples. */
export interface LatencyRow extends QuantileRow {
  readonly name: string
  readonly rate: number | undefined
  readonly failed: number
  readonly failedShare: number | undefined
  readonly min: number | undefined
  readonly mean: number | undefined
  readonly max: number | undefined
  /** Of response times where some failed: those that did not. */
  readonly succeeded: QuantileRow | undefined
}

function latencyRow(
  name: string,
  distribution: Distribution,
  succeeded: Distribution | undefined,
  durationMs: number,
): LatencyRow {
  const { histogram, count, failed } = distribution
  const some = count > 0
  return {
    name,
    ...quantileRow(distribution),
    rate: durationMs > 0 ? (count * 1000) / durationMs : undefined,
    failed,
    failedShare: some ? failed / count : undefined,
    min: some ? histogram.min / 1000 : undefined,
    mean: histogram.mean === undefined ? undefined : histogram.mean / 1000,
    max: some ? histogram.max / 1000 : undefined,
    succeeded: succeeded && quantileRow(succeeded),
  }
}

function quantileRow({ histogram, count, censored }: Distribution): QuantileRow {
  const [p50, p90, p95, p99, p999] = quantiles(histogram, [0.5, 0.9, 0.95, 0.99, 0.999])
  return { count, censored, p50, p90, p95, p99, p999 }
}

/** Milliseconds. */
export const windowDuration = (record: RunRecord, window: Window): number =>
  window === 'judged' ? record.judged.duration : record.duration

export const latencyRows = (record: RunRecord, series: readonly SeriesRecord[], window: Window): LatencyRow[] =>
  series.map((one) => {
    const ms = window === 'judged' ? judgedDuration(record, one.metric) : record.duration
    return latencyRow(one.name, one[window], succeededOf(record.series, one, window), ms)
  })
