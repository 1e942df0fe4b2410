import type { Interval } from '../../record/events.ts'
import type { Frame } from '../wire.ts'
import { addFigures, sumBy } from './sum-by.ts'

type Sockets = Pick<Interval, 'connections' | 'messages' | 'deliveries'>

/** What all workers' sockets did in one second; nothing at all in runs without any. */
export function mergeSockets(frames: readonly Frame[]): Sockets {
  const connections = sumBy(
    frames.flatMap((frame) => frame.connections),
    ({ protocol }) => protocol,
    addFigures,
  )
  if (connections.length === 0 && frames.every(({ deliveries }) => deliveries.length === 0)) return {}
  return {
    connections,
    messages: sumBy(
      frames.flatMap((frame) => frame.messages),
      ({ protocol, direction, name }) => `${protocol}\n${direction}\n${name}`,
      addFigures,
    ),
    deliveries: sumBy(
      frames.flatMap((frame) => frame.deliveries),
      ({ event, room }) => `${event}\n${room}`,
      addFigures,
    ),
  }
}
