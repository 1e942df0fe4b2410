import type { Interval } from '../../record/events.ts'
import { deliveryKey, messageKey } from '../../record/merge-sockets.ts'
import { addFigures, sumBy } from '../../record/sum-by.ts'
import type { Frame } from '../wire.ts'

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
      messageKey,
      addFigures,
    ),
    deliveries: sumBy(
      frames.flatMap((frame) => frame.deliveries),
      deliveryKey,
      addFigures,
    ),
  }
}
