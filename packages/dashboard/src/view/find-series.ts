import type { Metric, Scope } from '../../../plimsoll/src/record/events.ts'
import type { RunRecord, SeriesRecord } from '../../../plimsoll/src/record/run-record.ts'

export const findSeries = (
  record: RunRecord,
  metric: Metric,
  scope: Scope = 'all',
  name = '',
): SeriesRecord | undefined =>
  record.series.find((series) => series.metric === metric && series.scope === scope && series.name === name)

export const seriesOf = (record: RunRecord, metric: Metric, scope: Scope): readonly SeriesRecord[] =>
  record.series.filter((series) => series.metric === metric && series.scope === scope)

/** Endpoint names in the order of their traffic. */
export const endpointNames = (record: RunRecord): readonly string[] =>
  seriesOf(record, 'http.response_time', 'endpoint')
    .toSorted((a, b) => b.whole.count - a.whole.count || a.name.localeCompare(b.name))
    .map((series) => series.name)

/** The traffic's series of a metric: one endpoint's, or everything's. */
export const trafficSeries = (
  record: RunRecord,
  metric: Metric,
  endpoint: string | undefined,
): SeriesRecord | undefined =>
  endpoint === undefined ? findSeries(record, metric) : findSeries(record, metric, 'endpoint', endpoint)
