import type { Distribution, RunRecord } from '../../../plimsoll/src/record/run-record.ts'
import { findSeries, trafficSeries } from './find-series.ts'
import { count, latency, percent, rate, significant } from './format.ts'
import { quantileDoubt, quantileName, quantiles } from './quantiles.ts'
import { type RunKinds, runKinds } from './run-kinds.ts'

export interface SummaryFigure {
  readonly label: string
  /** Undefined when there is none. */
  readonly value: string | undefined
  /** A percentile, which an invalid run strikes out. */
  readonly isQuantile?: boolean
  /** What to bear in mind about it. */
  readonly why?: string | undefined
}

/** The run in a few numbers; latencies and rates of the judged part. */
export function summaryFigures(record: RunRecord): SummaryFigure[] {
  const kinds = runKinds(record)
  const { dropped } = record.totals
  const users = record.timeline.reduce((most, point) => Math.max(most, point.users), 0)
  return [
    ...(kinds.http ? requestFigures(record, kinds) : []),
    ...(kinds.connections ? socketFigures(record) : []),
    ...(kinds.deliveries ? deliveryFigures(record) : []),
    { label: 'users at most', value: record.timeline.length > 0 ? significant(users) : undefined },
    ...(dropped > 0 ? [{ label: 'dropped', value: count(dropped) }] : []),
  ]
}

function requestFigures(record: RunRecord, { connections }: RunKinds): SummaryFigure[] {
  const response = trafficSeries(record, 'http.response_time', undefined)?.judged
  const samples = response?.count ?? 0
  const seconds = record.judged.duration / 1000
  const requests = { label: 'requests', value: record.timeline.length > 0 ? count(record.totals.requests) : undefined }
  // Requests that only led up to the sockets, such as logins, say no more.
  if (connections && samples === 0) return [requests]
  return [
    requests,
    { label: 'rate', value: samples > 0 && seconds > 0 ? rate(samples / seconds) : undefined },
    ...[0.5, 0.95, 0.99].map((q) => quantileFigure(quantileName(q), response, q)),
    { label: 'errors', value: samples > 0 ? percent((response?.failed ?? 0) / samples) : undefined },
  ]
}

function socketFigures({ connections, messages }: RunRecord): SummaryFigure[] {
  const opened = connections.reduce((sum, one) => sum + one.opened, 0)
  const sent = messages.reduce((sum, one) => sum + one.count, 0)
  return [
    { label: 'connections', value: count(opened) },
    { label: 'messages', value: count(sent) },
  ]
}

function deliveryFigures(record: RunRecord): SummaryFigure[] {
  const sum = (of: 'received' | 'lost'): number => record.deliveries.reduce((total, one) => total + one[of], 0)
  return [
    { label: 'deliveries', value: count(sum('received')) },
    quantileFigure('delivery p95', findSeries(record, 'delivery.latency')?.judged, 0.95),
    { label: 'lost', value: count(sum('lost')) },
  ]
}

function quantileFigure(label: string, of: Distribution | undefined, q: number): SummaryFigure {
  const [ms] = of === undefined ? [] : quantiles(of.histogram, [q])
  if (of === undefined || ms === undefined) return { label, value: undefined, isQuantile: true }
  const doubt = quantileDoubt(q, of.count, of.censored)
  const value = doubt === undefined ? latency(ms) : `${doubt.sign} ${latency(ms)}`
  return { label, value, isQuantile: true, why: doubt?.why }
}
