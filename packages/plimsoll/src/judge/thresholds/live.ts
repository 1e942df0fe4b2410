import { type Millis, micros, share, toMillis } from '../../base/units.ts'
import { decodeBase64 } from '../../measure/base64.ts'
import { rankOf } from '../../measure/histogram.ts'
import { decodeHistogram } from '../../measure/histogram-codec.ts'
import type { StopCriteria, ThresholdSpec } from '../../plan/compiled.ts'
import type { Interval, StopReason } from '../../record/events.ts'
import type { RunRecord } from '../../record/run-record.ts'
import { judgeThresholds } from './judge-thresholds.ts'

/** One way of being broken, and since when it has been so. */
interface Criterion {
  readonly describe: string
  /** Undefined when the interval says nothing about it. */
  readonly isBroken: (interval: Interval) => boolean | undefined
  since: Millis | undefined
}

/**
 * Decides during the run whether it should end: because a threshold with `abort` is missed, or because the system has
 * been broken for long enough. Ask it after each interval; it keeps only since when each criterion has held.
 */
export class LiveJudge {
  readonly #aborting: readonly ThresholdSpec[]
  readonly #criteria: readonly Criterion[]
  readonly #patience: Millis | undefined

  constructor({ thresholds, until }: { thresholds: readonly ThresholdSpec[]; until: StopCriteria | undefined }) {
    this.#aborting = thresholds.filter((spec) => spec.abortAfter !== undefined)
    this.#criteria = until === undefined ? [] : criteriaOf(until)
    this.#patience = until?.for
  }

  /** `record` is asked only when a threshold has to be judged. */
  check(interval: Interval, record: () => RunRecord): StopReason | undefined {
    // The load has ended: to stop it now would only cut off what is under way.
    if (interval.phase === 'stopping') return undefined
    return this.#checkBroken(interval) ?? this.#checkThresholds(interval.to, record)
  }

  #checkBroken(interval: Interval): StopReason | undefined {
    if (interval.phase === 'warm-up') return undefined
    for (const criterion of this.#criteria) {
      const isBroken = criterion.isBroken(interval)
      // An interval in which nothing ended neither breaks a spell nor begins one.
      if (isBroken === false) criterion.since = undefined
      else if (isBroken) criterion.since ??= interval.from
      const { since } = criterion
      if (since !== undefined && this.#patience !== undefined && interval.to - since >= this.#patience) {
        return { kind: 'broken', criterion: `${criterion.describe} for ${this.#patience / 1000} s` }
      }
    }
    return undefined
  }

  #checkThresholds(at: Millis, record: () => RunRecord): StopReason | undefined {
    const due = this.#aborting.filter(({ abortAfter }) => abortAfter !== undefined && at >= abortAfter)
    if (due.length === 0) return undefined
    const missed = judgeThresholds(record(), due, { intervals: false }).find((one) => one.verdict === 'missed')
    if (missed === undefined) return undefined
    return { kind: 'threshold', threshold: `${missed.subject} ${missed.metric} ${missed.scaledLimit ?? missed.limit}` }
  }
}

function criteriaOf({ errors, p95, dropped }: StopCriteria): Criterion[] {
  const percent = (part: number): string => `${Number((part * 100).toPrecision(6))} %`
  const criteria: Criterion[] = [
    {
      describe: `errors above ${percent(errors)}`,
      isBroken: (interval) => above(errorShare(interval), errors),
      since: undefined,
    },
    {
      describe: `dropped arrivals above ${percent(dropped)}`,
      isBroken: (interval) => above(droppedShare(interval), dropped),
      since: undefined,
    },
  ]
  if (p95 !== undefined) {
    criteria.push({
      describe: `p95 above ${p95} ms`,
      isBroken: (interval) => above(responseP95(interval), p95),
      since: undefined,
    })
  }
  return criteria
}

const above = (value: number | undefined, limit: number): boolean | undefined =>
  value === undefined ? undefined : value > limit

const responses = (interval: Interval) =>
  interval.series.find(({ metric, scope }) => metric === 'http.response_time' && scope === 'all')

function errorShare(interval: Interval): number | undefined {
  const all = responses(interval)
  if (all !== undefined) return share(all.failed, all.count)
  const failed = sum(interval, (shape) => shape.failed)
  return share(failed, failed + sum(interval, (shape) => shape.completed))
}

const droppedShare = (interval: Interval): number | undefined =>
  share(
    sum(interval, (shape) => shape.dropped),
    sum(interval, (shape) => shape.scheduled),
  )

function responseP95(interval: Interval): number | undefined {
  const all = responses(interval)
  if (all === undefined) return undefined
  const histogram = decodeHistogram(decodeBase64(all.histogram), all)
  return toMillis(histogram.valueAtRank(rankOf(0.95, histogram.count)) ?? micros(0))
}

const sum = (interval: Interval, of: (shape: Interval['shapes'][number]) => number): number =>
  interval.shapes.reduce((total, shape) => total + of(shape), 0)
