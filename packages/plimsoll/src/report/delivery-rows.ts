import type { Millis } from '../base/units.ts'
import type { DeliveryCounts } from '../measure/deliveries/types.ts'
import type { ConnectionInterval } from '../record/events.ts'
import { graceOf } from '../record/grace.ts'
import { mergeRooms } from '../record/merge-sockets.ts'
import type { RunRecord } from '../record/run-record.ts'
import type { LatencyRow } from './latency-row.ts'

/** One kind of message: what became of it over the whole run, and how long it took. */
export interface DeliveryRow extends Omit<DeliveryCounts, 'room'> {
  readonly latency: LatencyRow | undefined
  /** What came by resume. */
  readonly lateLatency: LatencyRow | undefined
  /** Of each message, until its last receiver had it. */
  readonly lastReceiver: LatencyRow | undefined
  /** One sample for each receiver: the mean, and the worst, of what it got. */
  readonly receiverMean: LatencyRow | undefined
  readonly receiverMax: LatencyRow | undefined
  /** Deliveries for each message published; undefined where none was. */
  readonly fanOut: number | undefined
  /** Within what time of its joining or leaving a receiver is `uncertain`. */
  readonly grace: Millis
  /** Those with the most trouble first, then those with the most traffic. */
  readonly rooms: readonly DeliveryCounts[]
}

/** What became of connections, over all protocols. */
export interface ConnectionRows {
  readonly protocols: readonly ConnectionInterval[]
  /** From loss to return; its p95 is the time until 95 % were back. */
  readonly returns: LatencyRow | undefined
}

export function deliveryRows(record: RunRecord, rows: readonly LatencyRow[]): DeliveryRow[] {
  const { deliveries } = record
  return mergeRooms(deliveries)
    .toSorted((a, b) => b.expected - a.expected || a.event.localeCompare(b.event))
    .map(({ room: _, ...sum }) => {
      const row = (metric: string) =>
        rows.find((one) => one.metric === metric && one.scope === 'endpoint' && one.name === sum.event)
      return {
        ...sum,
        latency: row('delivery.latency'),
        lateLatency: row('delivery.late_latency'),
        lastReceiver: row('delivery.last_receiver'),
        receiverMean: row('delivery.receiver_mean'),
        receiverMax: row('delivery.receiver_max'),
        grace: graceOf(record, sum.event),
        fanOut: sum.published > 0 ? sum.received / sum.published : undefined,
        rooms: deliveries
          .filter(({ event }) => event === sum.event)
          .toSorted((a, b) => troubleOf(b) - troubleOf(a) || b.expected - a.expected || a.room.localeCompare(b.room)),
      }
    })
}

/** How many messages a room lost, doubled, swapped or leaked. */
export const troubleOf = ({
  lost,
  duplicated,
  outOfOrder,
  foreign,
}: Pick<DeliveryCounts, 'lost' | 'duplicated' | 'outOfOrder' | 'foreign'>): number =>
  lost + duplicated + outOfOrder + foreign

export const connectionRows = ({ connections }: RunRecord, rows: readonly LatencyRow[]): ConnectionRows => ({
  protocols: connections,
  returns: rows.find(({ metric, scope }) => metric === 'reconnect.time' && scope === 'all'),
})
