import type { RunRecord } from '../../record/run-record.ts'
import { number } from '../validity/text.ts'
import type { Finding } from '../verdict.ts'
import { affectedRooms } from './affected-rooms.ts'

/** Messages that should have come and never did; around reconnects, if there were any. */
export function findMessagesLost({ deliveries, connections }: RunRecord): Finding | undefined {
  const rooms = affectedRooms(deliveries, 'lost', 'never came')
  if (rooms.length === 0) return undefined
  const sum = (key: 'cut' | 'lost' | 'reconnected' | 'notRecovered'): number =>
    connections.reduce((all, one) => all + one[key], 0)
  const [away, back, anew] = [sum('cut') + sum('lost'), sum('reconnected'), sum('notRecovered')]
  const early = deliveries.reduce((all, one) => all + one.settledEarly, 0)
  return {
    id: 'messages-lost',
    title: away > 0 ? 'Messages are lost while users are away' : 'Messages are lost',
    confidence: early > 0 ? 0.5 : away > 0 ? 0.8 : 0.7,
    evidence: [
      ...rooms,
      ...(away > 0 ? [`${number(away)} connections were cut or lost, ${number(back)} came back`] : []),
      ...(anew > 0 ? [`${number(anew)} of them came back without the state that they had`] : []),
      ...(early > 0 ? [`${number(early)} messages were settled early, because the memory for open ones was full`] : []),
    ],
    recommendation:
      away > 0
        ? 'Keep what was sent to a room for as long as a client may be away, number it, and have clients that return ask for what follows the last number they have; or switch connection-state recovery on.'
        : 'Look for sends that nobody confirms: events between instances (the adapter), buffers that are full, and errors of a send that are passed over. Number the messages of a room, so that a client can tell what it lacks.',
  }
}
