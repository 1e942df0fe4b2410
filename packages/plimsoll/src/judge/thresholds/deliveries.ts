import { nearestNames } from '../../base/nearest-names.ts'
import { share } from '../../base/units.ts'
import type { DeliveryCounts } from '../../measure/deliveries/types.ts'
import type { ThresholdSpec } from '../../plan/compiled.ts'
import { mergeRooms } from '../../record/merge-sockets.ts'
import type { RunRecord } from '../../record/run-record.ts'
import { grouped, nothing, type Reading } from './reading.ts'

type Fate = Exclude<keyof DeliveryCounts, 'event' | 'room'>

/** Copies and strangers' messages are parts of what came; everything else is a part of what should have come. */
const partsOfReceived: ReadonlySet<Fate> = new Set(['duplicated', 'foreign', 'unexpected'])
const SHOWN_ROOMS = 3

/**
 * What became of one kind of message, of the whole run: its fate is known only later, and a message lost while the load
 * rose is lost all the same. `no data` where nobody was to get any, unless some came all the same.
 */
export function readFate(record: RunRecord, event: string, { series, unit }: ThresholdSpec): Reading {
  const rooms = record.deliveries.filter((one) => one.event === event)
  const [sum] = mergeRooms(rooms)
  if (sum === undefined) return nothing(absentDelivery(record, event))
  const fate = fateOf(series)
  const count = sum[fate]
  if (sum.expected === 0 && count === 0) return nothing(neverExpected(sum))
  const whole = partsOfReceived.has(fate) ? sum.received : sum.expected
  const actual = unit === 'ratio' ? share(count, whole) : count
  if (actual === undefined) return nothing(`there was none of which ${grouped(count)} ${series} could be a share`)
  return { found: true, actual, samples: whole, note: isTrouble(fate) ? whereMost(rooms, fate) : undefined }
}

const fateOf = (series: string): Fate => (series === 'out of order' ? 'outOfOrder' : (series as Fate))

const isTrouble = (fate: Fate): boolean => fate !== 'published' && fate !== 'expected' && fate !== 'received'

/** Why there is no latency of an event. */
export function absentDelivery({ deliveries }: RunRecord, event: string): string {
  const [sum] = mergeRooms(deliveries.filter((one) => one.event === event))
  if (sum === undefined) {
    const names = [...new Set(deliveries.map((one) => one.event))]
    return `no deliveries of "${event}" were accounted for; ${nearestNames(event, names)}`
  }
  if (sum.expected === 0) return neverExpected(sum)
  return `none of its ${grouped(sum.expected)} deliveries came in a way that this tells of`
}

const neverExpected = ({ event, published }: DeliveryCounts): string =>
  published === 0
    ? `"${event}" was never published`
    : `"${event}" was published ${grouped(published)} times, and nobody was there to get it`

/** `most in room-1 (12) and room-2 (7)`; undefined where there was none, or only one room without a name. */
function whereMost(rooms: readonly DeliveryCounts[], fate: Fate): string | undefined {
  const worst = rooms.filter((one) => one[fate] > 0).toSorted((a, b) => b[fate] - a[fate])
  if (worst.length === 0) return undefined
  const shown = worst.slice(0, SHOWN_ROOMS).map((one) => `${one.room} (${grouped(one[fate])})`)
  const more = worst.length > SHOWN_ROOMS ? ` and ${worst.length - SHOWN_ROOMS} more` : ''
  return `most in ${shown.join(', ')}${more}`
}
