import { micros } from '../base/units.ts'
import { boundsOf, Histogram } from '../measure/histogram.ts'
import type { Distribution, SeriesRecord } from './run-record.ts'

/**
 * Response times of what did not fail: the buckets of all less those of what failed, which has a series of its own
 * (Specification §3.2). Undefined where nothing failed or nothing else is left, and for series that have none of failures
 * beside them: tags, and all but response times.
 */
export function succeededOf(
  all: readonly SeriesRecord[],
  { metric, scope, name, ...series }: SeriesRecord,
  window: 'judged' | 'whole',
): Distribution | undefined {
  if (metric !== 'http.response_time' || series[window].failed === 0) return undefined
  const failures = all.find((one) => one.metric === 'http.failed_time' && one.scope === scope && one.name === name)
  return failures && without(series[window], failures[window])
}

/** Its minimum and maximum are known as well as the buckets are wide. */
function without(all: Distribution, failed: Distribution): Distribution | undefined {
  if (failed.count === 0) return undefined
  const failures = new Map(failed.histogram.entries())
  const histogram = new Histogram()
  let [min, max] = [Number.POSITIVE_INFINITY, 0]
  let sum = 0
  for (const [index, count] of all.histogram.entries()) {
    const left = count - (failures.get(index) ?? 0)
    if (left <= 0) continue
    const { from, to } = boundsOf(index)
    histogram.addAt(index, left)
    min = Math.min(min, Math.max(from, all.histogram.min))
    max = Math.min(to, all.histogram.max)
    sum += left * Math.min((from + to) / 2, all.histogram.max)
  }
  const { count } = histogram
  if (count === 0) return undefined
  histogram.setExact({ sum, min: micros(min), max: micros(max) })
  // What the end of the run cut off has not failed, and is known only as "at least".
  return { histogram, count, failed: 0, censored: Math.min(count, Math.max(0, all.censored - failed.censored)) }
}
