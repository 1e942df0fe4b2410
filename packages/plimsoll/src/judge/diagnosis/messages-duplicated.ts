import type { RunRecord } from '../../record/run-record.ts'
import type { Finding } from '../verdict.ts'
import { affectedRooms } from './affected-rooms.ts'

/** Copies after the first. */
export function findMessagesDuplicated({ deliveries }: RunRecord): Finding | undefined {
  const evidence = affectedRooms(deliveries, 'duplicated', 'came again')
  if (evidence.length === 0) return undefined
  const late = deliveries.reduce((sum, one) => sum + one.late, 0)
  return {
    id: 'messages-duplicated',
    title: 'Messages are delivered more than once',
    confidence: 0.8,
    evidence,
    recommendation:
      late > 0
        ? 'Resume strictly after the last message that the client has, and let what is being resumed and what is live overlap nowhere: drop by message number what was sent already.'
        : 'Give each message an identity and drop what a receiver has; look for listeners and subscriptions that are added twice, and for retries of sends that had worked.',
  }
}
