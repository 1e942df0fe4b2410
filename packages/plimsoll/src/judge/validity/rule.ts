import type { Distribution, RunRecord } from '../../record/run-record.ts'
import type { ValidityFlag } from '../verdict.ts'

/** One way in which a measurement can doubt itself; undefined where it sees no reason, or too little to tell. */
export type ValidityRule = (record: RunRecord) => ValidityFlag | undefined

/** The flag to show of several that one rule raises. */
export const gravest = (flags: readonly (ValidityFlag | undefined)[]): ValidityFlag | undefined =>
  flags.find((flag) => flag?.severity === 'invalid') ?? flags.find((flag) => flag !== undefined)

/** The distribution of a metric over all names; undefined when nothing was recorded. */
export function overall(record: RunRecord, metric: string, part: 'judged' | 'whole'): Distribution | undefined {
  const series = record.series.find((one) => one.metric === metric && one.scope === 'all')
  const found = series?.[part]
  return found === undefined || found.count === 0 ? undefined : found
}

/** What counts from the schedule; the first that a run has is what its lateness is held against. */
const answers = ['http.response_time', 'socketio.ack_time', 'ws.round_trip', 'delivery.latency'] as const

/** The judged median response time in milliseconds, 0 when there is none: what a lateness is held against. */
export function medianResponse(record: RunRecord): number {
  const metric = answers.find((one) => overall(record, one, 'judged') !== undefined)
  return metric === undefined ? 0 : (overall(record, metric, 'judged')?.histogram.quantile(0.5) ?? 0) / 1000
}

/**
 * True when the run went on until the system broke: arrivals that found no user free are then what it looked for, not a
 * fault of the measurement.
 */
export const endedBroken = (record: RunRecord): boolean => record.stop?.reason.kind === 'broken'
