import type { RunEvent } from '../../../plimsoll/src/record/events.ts'
import type { RunRecord } from '../../../plimsoll/src/record/run-record.ts'

/**
 * Where a run's events come from: the page itself, or a run under way. A new listener is told of everything so far, at
 * once, and then of each batch as it comes. The returned function ends the subscription.
 */
export interface Source {
  /** By event and room, where the events have them by event only. */
  readonly deliveries?: RunRecord['deliveries']
  subscribe(listener: (events: readonly RunEvent[]) => void): () => void
}
