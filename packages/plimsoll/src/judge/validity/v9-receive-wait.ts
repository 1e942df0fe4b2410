import { micros } from '../../base/units.ts'
import type { Distribution, RunRecord } from '../../record/run-record.ts'
import type { ValidityFlag } from '../verdict.ts'
import { overall } from './rule.ts'
import { ms, number } from './text.ts'

/** What the wait is held against: the times that it lengthens, the first that there is. */
const lengthened = ['delivery.latency', 'socketio.ack_time', 'ws.round_trip'] as const
/** One or two crowded turns of the loop are no pattern. */
const FEWEST = 3

/**
 * V9: messages were read when they came. Octets that wait in the generator's own process lengthen every delivery and
 * acknowledgement that they carry, as late starts lengthen response times, so the bounds are shaped like V1's: a p99 of
 * the wait above max(2 ms, 5 % of the reported p50) is suspect. The wait that is recorded is the longest possible one, from
 * the beginning of the loop's turn, and a message that goes to a thousand receivers of one worker is read in one turn; so
 * it takes a p99 above max(20 ms, 25 % of the reported p95) for the run to be invalid: then a quarter of what is said of
 * the slow deliveries may be the generator's own, and more than V2 allows a loop to be late.
 */
export function checkReceiveWait(record: RunRecord): ValidityFlag | undefined {
  const wait = overall(record, 'generator.receive_wait', 'judged')
  const metric = lengthened.find((one) => overall(record, one, 'judged') !== undefined)
  const reported = metric === undefined ? undefined : overall(record, metric, 'judged')
  if (wait === undefined || metric === undefined || reported === undefined) return undefined
  const suspect = Math.max(2, 0.05 * quantile(reported, 0.5))
  const invalid = Math.max(20, 0.25 * quantile(reported, 0.95))
  const p99 = quantile(wait, 0.99)
  const isAbove = (limit: number): boolean =>
    p99 > limit && wait.count - wait.histogram.countUpTo(micros(limit * 1000)) >= FEWEST
  if (!isAbove(suspect)) return undefined
  const severity = isAbove(invalid) ? 'invalid' : 'suspect'
  const allowed =
    severity === 'invalid'
      ? `${ms(invalid)} are allowed at a p95 of ${metric} of ${ms(quantile(reported, 0.95))}`
      : `${ms(suspect)} are allowed at a p50 of ${metric} of ${ms(quantile(reported, 0.5))}`
  return {
    id: 'V9',
    severity,
    reason: `1 % of ${number(wait.count)} reads found octets that may have waited ${ms(p99)} or more in the generator; ${allowed}`,
    advice:
      'The generator was too busy to read at once: give it more workers or cores, do less for each message, or lower the load.',
  }
}

const quantile = ({ histogram }: Distribution, q: number): number => (histogram.quantile(q) ?? 0) / 1000
