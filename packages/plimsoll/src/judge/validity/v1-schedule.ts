import { micros } from '../../base/units.ts'
import type { RunRecord } from '../../record/run-record.ts'
import type { ValidityFlag } from '../verdict.ts'
import { endedBroken, gravest, medianResponse, overall } from './rule.ts'
import { ms, number, percent } from './text.ts'

/** One or two late starts in a short run are no pattern. */
const FEWEST_LATE = 3

/**
 * V1: starts came when they were planned, and all of them came. Suspect above max(1 ms, 5 % of the reported p50) of p99
 * lateness or below 99.9 % of the planned arrivals; invalid above max(2 ms, 10 %) or below 99 %. Found 49 of 49 bad
 * runs of other tools (Specification §2.2); held against p50 and not p99, which would have missed three.
 */
export function checkSchedule(record: RunRecord): ValidityFlag | undefined {
  return gravest([lateStarts(record), missingArrivals(record)])
}

/** The half of V1 that is the generator's own doing. */
export function lateStarts(record: RunRecord): ValidityFlag | undefined {
  const lateness = overall(record, 'generator.lateness', 'judged')
  if (lateness === undefined) return undefined
  const { histogram, count } = lateness
  const p50 = medianResponse(record)
  const p99 = (histogram.quantile(0.99) ?? 0) / 1000
  const isAbove = (limit: number): boolean => {
    const late = count - histogram.countUpTo(micros(limit * 1000))
    return p99 > limit && late >= FEWEST_LATE
  }
  const [suspect, invalid] = [Math.max(1, 0.05 * p50), Math.max(2, 0.1 * p50)]
  if (!isAbove(suspect)) return undefined
  const severity = isAbove(invalid) ? 'invalid' : 'suspect'
  return {
    id: 'V1',
    severity,
    reason: `1 % of ${number(count)} starts came ${ms(p99)} late or more; ${ms(severity === 'invalid' ? invalid : suspect)} are allowed at a median response time of ${ms(p50)}`,
    advice:
      'The generator could not keep its schedule: give it more workers or cores, take other work off the machine, or lower the load.',
  }
}

function missingArrivals(record: RunRecord): ValidityFlag | undefined {
  const { scheduled, started, dropped } = record.judgedTotals
  // A killed run was about to start some more.
  const planned = record.ended === undefined ? started + dropped : scheduled
  if (planned === 0) return undefined
  const made = started / planned
  if (made >= 0.999) return undefined
  const broken = endedBroken(record)
  return {
    id: 'V1',
    severity: made < 0.99 && !broken ? 'invalid' : 'suspect',
    reason: `${percent(made)} of ${number(planned)} planned iterations were started; ${number(dropped)} were dropped. Percentiles know nothing of those, and look better than what was planned would have`,
    advice: broken
      ? 'The run went on until the system broke; read the percentiles before that point.'
      : 'Allow more users at once. If they all wait for the system, the system does not carry this rate: that is the result, and a lower rate can be measured.',
  }
}
