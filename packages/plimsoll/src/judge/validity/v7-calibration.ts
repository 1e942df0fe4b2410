import type { RunRecord } from '../../record/run-record.ts'
import type { ValidityFlag } from '../verdict.ts'
import { medianResponse } from './rule.ts'
import { ms, percent } from './text.ts'

/** Answers beyond p99 below which it says little: the same number as V4's. */
const FEW_BEYOND = 10

/**
 * V7: the generator measures a server that tells its own part rightly, at the run's own rate. Its p99 off by more than 5 %
 * suspect, by more than 20 % invalid; invalid also when the system's median is below three times the calibration's own
 * error at the median, for then it was the generator that was measured (§3.3).
 *
 * The delay of that server is short (5 ms), so 20 % of it are a single millisecond: an error counts only when it is also
 * more than 5 % or 10 % of the median that this run reports, as lateness does in V1. And two seconds at a low rate leave
 * a p99 that hangs on a handful of answers (V4): such a one makes the run suspect at most.
 */
export function checkCalibration(record: RunRecord): ValidityFlag | undefined {
  const { calibration } = record
  if (calibration === undefined) return undefined
  const { count, delayMs, p50, p99 } = calibration
  const reported = medianResponse(record)
  const floor = Math.abs(p50 - delayMs)
  if (reported > 0 && reported < 3 * floor) {
    return {
      id: 'V7',
      severity: 'invalid',
      reason: `the median response time of ${ms(reported)} is less than three times the generator's own error of ${ms(floor)}, calibrated with a server that says when it answers`,
      advice: 'Run the generator on a quieter or faster machine, or at a lower rate.',
    }
  }
  const tail = count * 0.01
  const error = Math.abs(p99 - delayMs)
  const share = error / delayMs
  if (share <= 0.05 || error <= 0.05 * reported) return undefined
  return {
    id: 'V7',
    severity: share > 0.2 && error > 0.1 * reported && tail >= FEW_BEYOND ? 'invalid' : 'suspect',
    reason: `calibrated with a server that answers after ${ms(delayMs)} and says when it did, the generator saw a p99 of ${ms(p99)}: ${percent(share)} too much`,
    advice: 'Run the generator on a quieter or faster machine, with more workers, or at a lower rate.',
  }
}
