import { decodeBase64, encodeBase64 } from '../measure/base64.ts'
import { boundsOf, Histogram, midpointOf } from '../measure/histogram.ts'
import { decodeHistogram, encodeHistogram } from '../measure/histogram-codec.ts'
import type { Interval, SeriesInterval } from './events.ts'
import { isOfWholeRun, isToldLate } from './told-late.ts'

/** One interval as it was recorded. */
type DrainPart = NonNullable<Interval['drain']>[number]

const partsOf = ({ drain, to, series }: Interval): readonly DrainPart[] => drain ?? [{ to, series }]

/**
 * What ended in an interval that is not judged and began before `start`, where the judged part ended, in milliseconds
 * since the run's start: what was in flight then enters when it ends or is cut off (Specification §3.2). Whatever lasted
 * longer than from `start` to the interval's end began before `start`. Samples are known by their buckets, so those
 * count whose bucket lies above that span as a whole: nothing that began later is let in, and of what ended early in
 * the interval some that began just before `start` is left out. What is told late says nothing of when it began: it
 * counts as a whole where nothing has begun since `start` (`isDrain`), and not at all elsewhere.
 */
export function begunBefore(interval: Interval, start: number, isDrain: boolean): SeriesInterval[] {
  return partsOf(interval).flatMap(({ to, series }) => {
    const span = (to - start) * 1000
    return series.flatMap((one) => {
      if (isOfWholeRun(one.metric)) return []
      if (isToldLate(one.metric)) return isDrain ? [one] : []
      return longerThan(span, one, failuresOf(one, series)) ?? []
    })
  })
}

/**
 * What an interval that joins several has to carry when it is not judged itself, since the ends of its samples are then
 * known less well: the parts in which something may have begun before the first of them, which is no earlier than where
 * the judged part ended.
 */
export function carriedParts(parts: readonly Interval[], from: number): DrainPart[] {
  return parts.flatMap(partsOf).flatMap(({ to, series }) => {
    const span = (to - from) * 1000
    const isOld = ({ metric, max }: SeriesInterval): boolean => max > span || isToldLate(metric)
    const kept = series.filter((one) => isOld(one) || one.metric === FAILED)
    return kept.some(isOld) ? [{ to, series: kept }] : []
  })
}

const FAILED = 'http.failed_time'

/** Response times have a series of those that failed beside them. */
function failuresOf({ metric, scope, name }: SeriesInterval, all: readonly SeriesInterval[]) {
  if (metric !== 'http.response_time') return undefined
  return all.find((one) => one.metric === FAILED && one.scope === scope && one.name === name)
}

/**
 * The samples above `span` microseconds; all of them, exactly, when the shortest is. Otherwise the sum is estimated from
 * midpoints, the minimum is the lowest bucket's bound, and the maximum is exact.
 *
 * Which of them failed or were cut off, buckets do not say. Those cut off are taken to be the longest, as everywhere:
 * as many as there are, at most all that count. Failures are counted in their own series where there is one that has
 * them all; without it they are taken to be spread evenly, so that their share stays what it was.
 */
function longerThan(span: number, one: SeriesInterval, failures?: SeriesInterval): SeriesInterval | undefined {
  if (one.count === 0 || one.max <= span) return undefined
  if (one.min > span) return one
  const kept = new Histogram()
  let min = one.max
  let sum = 0
  for (const [index, count] of decodeHistogram(decodeBase64(one.histogram), one).entries()) {
    const { from } = boundsOf(index)
    if (from <= span) continue
    kept.addAt(index, count)
    min = Math.min(min, from)
    sum += count * Math.min(midpointOf(index), one.max)
  }
  const { count } = kept
  if (count === 0) return undefined
  const failed =
    failures?.count === one.failed
      ? (longerThan(span, failures)?.count ?? 0)
      : Math.round((one.failed * count) / one.count)
  return {
    ...one,
    count,
    failed: Math.min(failed, count),
    censored: Math.min(one.censored, count),
    sum,
    min,
    max: one.max,
    histogram: encodeBase64(encodeHistogram(kept)),
  }
}
