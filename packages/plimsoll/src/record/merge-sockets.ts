import type { DeliveryCounts } from '../measure/deliveries/types.ts'
import type { ConnectionInterval, Interval, MessageInterval } from './events.ts'
import { addFigures, sumBy } from './sum-by.ts'

export const messageKey = ({ protocol, direction, name }: MessageInterval): string =>
  `${protocol}\n${direction}\n${name}`
export const deliveryKey = ({ event, room }: DeliveryCounts): string => `${event}\n${room}`

/** Of one protocol, in the order of time: what happened adds up, how many stand or are away is the last that is known. */
export const addConnections = (a: ConnectionInterval, b: ConnectionInterval): ConnectionInterval => ({
  ...addFigures(a, b),
  open: b.open,
  away: b.away,
})

export const mergeConnections = (all: readonly ConnectionInterval[]): ConnectionInterval[] =>
  sumBy(all, ({ protocol }) => protocol, addConnections)

export const mergeDeliveries = (all: readonly DeliveryCounts[]): DeliveryCounts[] => sumBy(all, deliveryKey, addFigures)

/** All rooms of each event together; `room` is empty. */
export const mergeRooms = (all: readonly DeliveryCounts[]): DeliveryCounts[] =>
  mergeDeliveries(all.map((one) => ({ ...one, room: '' })))

/** What several intervals tell of sockets; nothing where they had none. */
export function mergeSockets(parts: readonly Interval[]): Pick<Interval, 'connections' | 'messages' | 'deliveries'> {
  const connections = parts.flatMap((part) => part.connections ?? [])
  const messages = parts.flatMap((part) => part.messages ?? [])
  const deliveries = parts.flatMap((part) => part.deliveries ?? [])
  return {
    ...(connections.length > 0 ? { connections: mergeConnections(connections) } : {}),
    ...(messages.length > 0 ? { messages: sumBy(messages, messageKey, addFigures) } : {}),
    ...(deliveries.length > 0 ? { deliveries: mergeDeliveries(deliveries) } : {}),
  }
}
