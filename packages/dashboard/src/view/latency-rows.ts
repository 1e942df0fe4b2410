import { judgedDuration } from '../../../plimsoll/src/record/judged-points.ts'
import type { Distribution, RunRecord, SeriesRecord } from '../../../plimsoll/src/record/run-record.ts'
import { quantiles } from './quantiles.ts'

/** Whether tables show the part that thresholds look at, or everything. */
export type Window = 'judged' | 'whole'

/** One named distribution as a row of a table; latencies in milliseconds, undefined without samples. */
export interface LatencyRow {
  readonly name: string
  readonly count: number
  readonly rate: number | undefined
  readonly failed: number
  readonly failedShare: number | undefined
  readonly censored: number
  readonly min: number | undefined
  readonly mean: number | undefined
  readonly p50: number | undefined
  readonly p90: number | undefined
  readonly p95: number | undefined
  readonly p99: number | undefined
  readonly p999: number | undefined
  readonly max: number | undefined
}

function latencyRow(name: string, distribution: Distribution, durationMs: number): LatencyRow {
  const { histogram, count, failed, censored } = distribution
  const [p50, p90, p95, p99, p999] = quantiles(histogram, [0.5, 0.9, 0.95, 0.99, 0.999])
  const some = count > 0
  return {
    name,
    count,
    rate: durationMs > 0 ? (count * 1000) / durationMs : undefined,
    failed,
    failedShare: some ? failed / count : undefined,
    censored,
    min: some ? histogram.min / 1000 : undefined,
    mean: histogram.mean === undefined ? undefined : histogram.mean / 1000,
    p50,
    p90,
    p95,
    p99,
    p999,
    max: some ? histogram.max / 1000 : undefined,
  }
}

/** Milliseconds. */
export const windowDuration = (record: RunRecord, window: Window): number =>
  window === 'judged' ? record.judged.duration : record.duration

export const latencyRows = (record: RunRecord, series: readonly SeriesRecord[], window: Window): LatencyRow[] =>
  series.map((one) => {
    const ms = window === 'judged' ? judgedDuration(record, one.metric) : record.duration
    return latencyRow(one.name, one[window], ms)
  })
