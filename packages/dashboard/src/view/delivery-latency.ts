import type { Metric } from '../../../plimsoll/src/record/events.ts'
import type { RunRecord } from '../../../plimsoll/src/record/run-record.ts'
import type { KindRow } from './answer-rows.ts'
import { seriesOf } from './find-series.ts'
import { latencyRows, type Window } from './latency-rows.ts'

/** What of a delivery is measured, in the order in which it is shown. */
const kinds: readonly (readonly [metric: Metric, kind: string])[] = [
  ['delivery.latency', 'every delivery'],
  ['delivery.late_latency', 'late ones, by resume'],
  ['delivery.last_receiver', 'until the last receiver'],
  ['delivery.receiver_mean', 'mean of each receiver'],
  ['delivery.receiver_max', 'worst of each receiver'],
]

/** Event by event; kinds without samples are left out. */
export function deliveryLatencyRows(record: RunRecord, window: Window): KindRow[] {
  const rows = kinds.flatMap(([metric, kind]) =>
    latencyRows(record, seriesOf(record, metric, 'endpoint'), window)
      .filter(({ count }) => count > 0)
      .map((row) => ({ ...row, kind })),
  )
  const events = [...new Set(rows.map(({ name }) => name))]
  return events.flatMap((event) => rows.filter(({ name }) => name === event))
}

/** Events whose deliveries have latencies. */
export const timedEvents = (record: RunRecord): string[] =>
  seriesOf(record, 'delivery.latency', 'endpoint').map(({ name }) => name)
