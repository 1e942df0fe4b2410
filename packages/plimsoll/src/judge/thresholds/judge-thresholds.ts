import type { ThresholdSpec } from '../../plan/compiled.ts'
import type { RunRecord } from '../../record/run-record.ts'
import type { ThresholdResult } from '../verdict.ts'
import { isMet } from './compare.ts'
import { readCheck, readCounter } from './counters.ts'
import { readFate } from './deliveries.ts'
import { readProbe } from './probes.ts'
import { nothing, type Reading } from './reading.ts'
import { readMessages, readReturns } from './sockets.ts'
import { readTraffic, seriesAddress } from './traffic.ts'

/**
 * Holds each threshold against the judged part of a run, complete or under way. Nothing is ever taken as zero: where
 * there is nothing to look at the verdict is `no data`, and the note says why and what there is instead.
 * `intervals: false` leaves out the quantiles' intervals, which cost a hundred times the rest.
 */
export function judgeThresholds(
  record: RunRecord,
  specs: readonly ThresholdSpec[] = record.started.plan.thresholds,
  { intervals = true }: { intervals?: boolean } = {},
): ThresholdResult[] {
  return specs.map((spec) => judgeOne(record, spec, intervals))
}

function judgeOne(record: RunRecord, spec: ThresholdSpec, intervals: boolean): ThresholdResult {
  const { subject, metric, limit, scaledLimit, unit } = spec
  const blank = { subject, metric, limit, scaledLimit, unit, ...nothingFound }
  if (record.judged.duration <= 0) {
    return { ...blank, verdict: 'not judged', note: 'the run has no judged part: it did not get past its warm-up' }
  }
  const reading = read(record, spec, intervals)
  if (!reading.found) return { ...blank, verdict: 'no data', note: reading.note }
  const { actual, atLeast = false, isRough = false, interval, samples, note } = reading
  const met = isMet(actual, spec.comparison, spec.value, atLeast)
  // It would have been met, had the exchanges ended where they were cut off.
  const isUnproven = !met && isMet(actual, spec.comparison, spec.value, false)
  const verdict = met ? 'met' : 'missed'
  if (!isDecided(spec, verdict)) return { ...blank, verdict: 'not judged', actual, samples, note: otherAmount }
  return {
    ...blank,
    verdict,
    actual,
    atLeast,
    isRough,
    interval,
    samples,
    note: isUnproven ? unproven(spec) : note,
  }
}

const nothingFound = { actual: undefined, atLeast: false, isRough: false, interval: undefined, samples: 0 }

const otherAmount = 'the limit counts what the whole profile does, and this run was scaled'

/**
 * Whether the whole profile's verdict on a count would be the same as a scaled run's: with more load and time a count
 * only grows, with less it only shrinks.
 */
function isDecided({ amount, comparison }: ThresholdSpec, verdict: 'met' | 'missed'): boolean {
  if (amount === undefined) return true
  if (amount === 'other' || comparison === '=' || comparison === '!=') return false
  const mayNotExceed = comparison === '<' || comparison === '<='
  return (verdict === 'missed') === (mayNotExceed === (amount === 'less'))
}

function unproven({ scope }: ThresholdSpec): string {
  if (scope.kind === 'reconnect') return 'some never came back, so it cannot be shown to hold'
  if (scope.kind === 'probe') return 'it lies above the highest bucket, so it cannot be shown to hold'
  return 'exchanges were cut off before the limit, so it cannot be shown to hold'
}

function read(record: RunRecord, spec: ThresholdSpec, intervals: boolean): Reading {
  const { scope, statistic } = spec
  switch (scope.kind) {
    case 'counter':
      return readCounter(record, scope.name, statistic.kind)
    case 'check':
      return readCheck(record, scope.name)
    case 'probe':
      return readProbe(record, scope.name, spec)
    case 'message':
      return readMessages(record, scope, spec)
    default: {
      if (statistic.kind === 'value') {
        if (scope.kind === 'delivery') return readFate(record, scope.name, spec)
        if (scope.kind === 'reconnect') return readReturns(record, spec)
      }
      const address = seriesAddress(spec)
      return address === undefined ? nothing('it names nothing') : readTraffic(record, spec, address, intervals)
    }
  }
}
