import type { DeliveryCounts } from '../../../plimsoll/src/measure/deliveries/types.ts'
import { count } from './format.ts'

export interface DeliveryState {
  readonly tone: 'good' | 'warn' | 'bad' | 'neutral'
  readonly sign: string
  readonly text: string
}

/** The one thing to know of an event's deliveries, the gravest first. */
export function deliveryState(total: DeliveryCounts): DeliveryState {
  const { expected, received, lost, foreign, duplicated, outOfOrder, unexpected } = total
  if (foreign > 0) return { tone: 'bad', sign: '⚠', text: `${count(foreign)} to users who were not in the room` }
  if (lost > 0) return { tone: 'bad', sign: '✕', text: `${count(lost)} lost` }
  if (duplicated > 0) return { tone: 'warn', sign: '!', text: `none lost, ${count(duplicated)} doubled` }
  if (outOfOrder > 0) return { tone: 'warn', sign: '!', text: `none lost, ${count(outOfOrder)} out of order` }
  if (expected > received) return { tone: 'neutral', sign: '…', text: 'none lost so far' }
  if (expected > 0) return { tone: 'good', sign: '✓', text: 'none lost' }
  return { tone: 'neutral', sign: '–', text: unexpected > 0 ? 'none that this run published' : 'none expected' }
}
