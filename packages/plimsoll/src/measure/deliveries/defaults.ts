import { seconds } from '../../base/units.ts'
import type { DeliverySettings } from './types.ts'

/** What is assumed of an event that was not declared. */
export const DEFAULT_DELIVERY: DeliverySettings = { toSender: true, grace: seconds(2) }
