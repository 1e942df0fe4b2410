import type { RunRecord } from '../../../plimsoll/src/record/run-record.ts'
import { trafficSeries } from './find-series.ts'
import { pointQuantiles } from './point-quantiles.ts'

type Column = (number | null)[]

/** The run over time, one entry a timeline point; null where there was nothing to measure. */
export interface TimelineColumns {
  /** Seconds since the run's start, at the middle of each point. */
  readonly x: number[]
  readonly rate: Column
  /** Milliseconds of response time. */
  readonly p50: Column
  readonly p95: Column
  readonly p99: Column
  /** Errors per second. */
  readonly errors: Column
  /** Arrivals per second that could not be started. */
  readonly dropped: Column
  readonly users: Column
  readonly target: Column
}

export function timelineColumns(record: RunRecord, endpoint: string | undefined): TimelineColumns {
  const series = trafficSeries(record, 'http.response_time', endpoint)
  const columns: TimelineColumns = {
    x: [],
    rate: [],
    p50: [],
    p95: [],
    p99: [],
    errors: [],
    dropped: [],
    users: [],
    target: [],
  }
  record.timeline.forEach((point, index) => {
    const seconds = (point.to - point.from) / 1000
    const perSecond = (n: number): number | null => (seconds > 0 ? n / seconds : null)
    const here = series?.points[index]
    const at = here === undefined ? undefined : pointQuantiles(here)
    columns.x.push((point.from + point.to) / 2000)
    columns.rate.push(perSecond(here?.count ?? 0))
    columns.p50.push(at?.p50 ?? null)
    columns.p95.push(at?.p95 ?? null)
    columns.p99.push(at?.p99 ?? null)
    columns.errors.push(perSecond(endpoint === undefined ? point.errors : (here?.failed ?? 0)))
    columns.dropped.push(perSecond(point.dropped))
    columns.users.push(point.users)
    columns.target.push(point.target)
  })
  return columns
}
