import type { RunEvent } from '../../../plimsoll/src/record/events.ts'

/**
 * Where a run's events come from: the page itself, or a run under way. A new listener is told of everything so far, at
 * once, and then of each batch as it comes. The returned function ends the subscription.
 */
export interface Source {
  subscribe(listener: (events: readonly RunEvent[]) => void): () => void
}
