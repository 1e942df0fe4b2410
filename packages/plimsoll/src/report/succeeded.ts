import { micros } from '../base/units.ts'
import { boundsOf, Histogram } from '../measure/histogram.ts'
import type { Distribution } from '../record/run-record.ts'

/**
 * Response times of what succeeded: the buckets of all less those of what failed, which has a series of its own
 * (Specification §3.2). Undefined where nothing failed, or where nothing else is left. Its minimum and maximum are known
 * as well as the buckets are wide.
 */
export function succeededOf(all: Distribution, failed: Distribution | undefined): Distribution | undefined {
  if (failed === undefined || failed.count === 0 || failed.count >= all.count) return undefined
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
  histogram.setExact({ sum, min: micros(min), max: micros(max) })
  return { histogram, count: histogram.count, failed: 0, censored: 0 }
}
