import type { DeliveryCounts } from '../../measure/deliveries/types.ts'
import { number } from '../validity/text.ts'

type Fate = 'lost' | 'duplicated' | 'foreign'

const ROOMS = 5

/** One line for each event that it happened to: how often, in how many rooms, and the worst of them. */
export function affectedRooms(deliveries: readonly DeliveryCounts[], fate: Fate, what: string): string[] {
  const events = [...new Set(deliveries.filter((one) => one[fate] > 0).map(({ event }) => event))]
  return events.map((event) => {
    const rooms = deliveries.filter((one) => one.event === event)
    const affected = rooms.filter((one) => one[fate] > 0).toSorted((a, b) => b[fate] - a[fate])
    const count = affected.reduce((sum, one) => sum + one[fate], 0)
    const shown = affected.slice(0, ROOMS).map((one) => `${one.room} (${number(one[fate])})`)
    const more = affected.length > ROOMS ? ` and ${number(affected.length - ROOMS)} more` : ''
    return `${event}: ${number(count)} ${what}, in ${affected.length} of ${rooms.length} rooms: ${shown.join(', ')}${more}`
  })
}
