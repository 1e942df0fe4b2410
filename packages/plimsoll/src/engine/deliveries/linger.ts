import { millis } from '../../base/units.ts'
import type { VuContext } from '../vu/context.ts'

/** News of the last messages may still be on its way from other workers. */
const MARGIN = millis(150)
/** Other shapes may go on publishing for hours. */
const MOST_GRACES = 3

/**
 * Waits until everything that was published has had its grace, so that the end of the load loses no message that was
 * merely under way. Ends early when the run is cut short.
 */
export async function lingerForDeliveries(context: VuContext): Promise<void> {
  const { clock, timeline, deliveries } = context
  const { grace, ledger } = deliveries
  if (grace === 0) return
  const begun = clock.now()
  for (;;) {
    const until = Math.min(ledger.lastPublishedAt + grace + MARGIN, begun + MOST_GRACES * grace, context.deadline)
    if (clock.now() >= until) return
    await new Promise<void>((resolve) => timeline.at(millis(until), () => resolve()))
  }
}
