import type { RunRecord } from '../../../plimsoll/src/record/run-record.ts'
import { trafficSeries } from './find-series.ts'
import { count, latency, percent, rate, significant } from './format.ts'
import { enoughFor, quantiles } from './quantiles.ts'

export interface SummaryFigure {
  readonly label: string
  /** Undefined when there is none. */
  readonly value: string | undefined
  /** A percentile, which an invalid run strikes out. */
  readonly isQuantile?: boolean
}

/** The run in half a dozen numbers; latencies and rates of the judged part. */
export function summaryFigures(record: RunRecord): SummaryFigure[] {
  const response = trafficSeries(record, 'http.response_time', undefined)?.judged
  const samples = response?.count ?? 0
  const at = (q: number): string | undefined => {
    const [value] = response === undefined || !enoughFor(q, samples) ? [] : quantiles(response.histogram, [q])
    return value === undefined ? undefined : latency(value)
  }
  const { dropped } = record.totals
  const users = record.timeline.reduce((most, point) => Math.max(most, point.users), 0)
  const seconds = record.judged.duration / 1000
  return [
    { label: 'requests', value: record.timeline.length > 0 ? count(record.totals.requests) : undefined },
    { label: 'rate', value: samples > 0 && seconds > 0 ? rate(samples / seconds) : undefined },
    { label: 'p50', value: at(0.5), isQuantile: true },
    { label: 'p95', value: at(0.95), isQuantile: true },
    { label: 'p99', value: at(0.99), isQuantile: true },
    { label: 'errors', value: samples > 0 ? percent((response?.failed ?? 0) / samples) : undefined },
    { label: 'users at most', value: record.timeline.length > 0 ? significant(users) : undefined },
    ...(dropped > 0 ? [{ label: 'dropped', value: count(dropped) }] : []),
  ]
}
