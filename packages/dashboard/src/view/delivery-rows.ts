import type { DeliveryCounts } from '../../../plimsoll/src/measure/deliveries/types.ts'

type Count = Exclude<keyof DeliveryCounts, 'event' | 'room'>

const counts: readonly Count[] = [
  'published',
  'expected',
  'received',
  'late',
  'lost',
  'duplicated',
  'outOfOrder',
  'foreign',
  'uncertain',
  'unexpected',
  'settledEarly',
]

/** One kind of message, all rooms together. */
export interface EventDeliveries {
  readonly event: string
  readonly total: DeliveryCounts
  readonly rooms: number
}

/** In the order in which the run came to know the events. */
export function eventDeliveries(deliveries: readonly DeliveryCounts[]): EventDeliveries[] {
  const events = [...new Set(deliveries.map(({ event }) => event))]
  return events.map((event) => {
    const rooms = deliveries.filter((one) => one.event === event)
    return { event, total: sumOf(event, rooms), rooms: rooms.length }
  })
}

function sumOf(event: string, rooms: readonly DeliveryCounts[]): DeliveryCounts {
  const of = (count: Count): number => rooms.reduce((sum, room) => sum + room[count], 0)
  const sums = Object.fromEntries(counts.map((count) => [count, of(count)])) as Record<Count, number>
  return { event, room: '', ...sums }
}

/** What should not happen, whatever the network did; to be late is to have been saved. */
export const hasTrouble = ({ lost, foreign, duplicated, outOfOrder }: DeliveryCounts): boolean =>
  lost + foreign + duplicated + outOfOrder > 0

/** The worst rooms first: by what was lost, then by the rest of what should not happen, then by traffic. */
export const worstFirst = (deliveries: readonly DeliveryCounts[]): readonly DeliveryCounts[] =>
  deliveries.toSorted(
    (a, b) =>
      b.lost - a.lost ||
      b.foreign - a.foreign ||
      b.duplicated - a.duplicated ||
      b.outOfOrder - a.outOfOrder ||
      b.late - a.late ||
      b.expected - a.expected,
  )

export interface RoomFilter {
  readonly onlyTrouble: boolean
  /** Part of a room's or an event's name, in any case. */
  readonly text: string
}

export function filterRooms(
  deliveries: readonly DeliveryCounts[],
  { onlyTrouble, text }: RoomFilter,
): readonly DeliveryCounts[] {
  const wanted = text.trim().toLowerCase()
  return deliveries.filter(
    (one) =>
      (!onlyTrouble || hasTrouble(one)) &&
      (wanted === '' || one.room.toLowerCase().includes(wanted) || one.event.toLowerCase().includes(wanted)),
  )
}

export interface DeliveryPart {
  readonly name: 'on time' | 'late' | 'lost' | 'not known yet'
  readonly count: number
  readonly share: number
}

/** What became of the deliveries that had to happen: the parts sum up to them. Empty when there were none. */
export function deliveryParts({ expected, received, late, lost }: DeliveryCounts): DeliveryPart[] {
  if (expected <= 0) return []
  const parts = [
    ['on time', received - late],
    ['late', late],
    ['lost', lost],
    ['not known yet', Math.max(0, expected - received - lost)],
  ] as const
  return parts
    .filter(([, count]) => count > 0)
    .map(([name, count]) => ({ name, count, share: count / Math.max(expected, received + lost) }))
}

/** Deliveries received for each message published; undefined without messages. */
export const fanOut = ({ published, received }: DeliveryCounts): number | undefined =>
  published > 0 ? received / published : undefined
