import type { DeliveryCounts } from '../../../plimsoll/src/measure/deliveries/types.ts'
import type { ConnectionInterval } from '../../../plimsoll/src/record/events.ts'
import type { RunRecord } from '../../../plimsoll/src/record/run-record.ts'
import { findSeries } from './find-series.ts'
import { pointQuantiles } from './point-quantiles.ts'

type Column = (number | null)[]

/** Connections and deliveries over time, all protocols and events together; an entry a timeline point. */
export interface SocketColumns {
  /** At each point's end. */
  readonly open: Column
  readonly away: Column
  /** Per second, from here on. */
  readonly reconnected: Column
  readonly cut: Column
  readonly lostConnections: Column
  readonly failed: Column
  readonly published: Column
  readonly received: Column
  readonly late: Column
  readonly lost: Column
  readonly duplicated: Column
  readonly outOfOrder: Column
  /** Milliseconds of delivery latency. */
  readonly p50: Column
  readonly p95: Column
  readonly p99: Column
}

export function socketColumns(record: RunRecord): SocketColumns {
  const latency = findSeries(record, 'delivery.latency')
  const columns: SocketColumns = {
    open: [],
    away: [],
    reconnected: [],
    cut: [],
    lostConnections: [],
    failed: [],
    published: [],
    received: [],
    late: [],
    lost: [],
    duplicated: [],
    outOfOrder: [],
    p50: [],
    p95: [],
    p99: [],
  }
  record.timeline.forEach(({ from, to, connections, deliveries }, index) => {
    const seconds = (to - from) / 1000
    const perSecond = (n: number): number | null => (seconds > 0 ? n / seconds : null)
    const of = (take: (one: ConnectionInterval) => number): number =>
      connections.reduce((sum, one) => sum + take(one), 0)
    const have = (take: (one: DeliveryCounts) => number): number => deliveries.reduce((sum, one) => sum + take(one), 0)
    columns.open.push(of((one) => one.open))
    columns.away.push(of((one) => one.away))
    columns.reconnected.push(perSecond(of((one) => one.reconnected)))
    columns.cut.push(perSecond(of((one) => one.cut)))
    columns.lostConnections.push(perSecond(of((one) => one.lost)))
    columns.failed.push(perSecond(of((one) => one.failed)))
    columns.published.push(perSecond(have((one) => one.published)))
    columns.received.push(perSecond(have((one) => one.received)))
    columns.late.push(perSecond(have((one) => one.late)))
    columns.lost.push(perSecond(have((one) => one.lost)))
    columns.duplicated.push(perSecond(have((one) => one.duplicated)))
    columns.outOfOrder.push(perSecond(have((one) => one.outOfOrder)))
    const here = latency?.points[index]
    const at = here === undefined ? undefined : pointQuantiles(here)
    columns.p50.push(at?.p50 ?? null)
    columns.p95.push(at?.p95 ?? null)
    columns.p99.push(at?.p99 ?? null)
  })
  return columns
}
