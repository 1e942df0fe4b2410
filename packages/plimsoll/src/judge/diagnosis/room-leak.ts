import type { RunRecord } from '../../record/run-record.ts'
import type { Finding } from '../verdict.ts'
import { affectedRooms } from './affected-rooms.ts'

/** Somebody read what was meant for others. */
export function findRoomLeak({ deliveries }: RunRecord): Finding | undefined {
  const evidence = affectedRooms(deliveries, 'foreign', 'reached users who were not in the room')
  if (evidence.length === 0) return undefined
  return {
    id: 'room-leak',
    title: 'Security: messages reached users who were not members of the room',
    confidence: 0.95,
    evidence,
    recommendation:
      'Send to the room and not to every socket, check membership when a room is joined and when missed messages are fetched, and take users out of a room as soon as they leave. If users are members without joining, say so in the plan: `rooms` of the delivery.',
  }
}
