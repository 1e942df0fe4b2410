import type { Millis } from '../base/units.ts'
import { DEFAULT_DELIVERY } from '../measure/deliveries/defaults.ts'
import type { RunRecord } from './run-record.ts'

/** Within what time of its joining or leaving a receiver is uncertain of this event's messages. */
export const graceOf = ({ started }: Pick<RunRecord, 'started'>, event: string): Millis =>
  started.plan.deliveries?.find((one) => one.event === event)?.grace ?? DEFAULT_DELIVERY.grace
