import type { ThresholdSpec } from '../../plan/compiled.ts'
import { addCounted, bucketQuantile, type CountedBuckets, countOf, meanOf } from '../../record/counted.ts'
import type { ProbeRecord } from '../../record/run-record.ts'
import { grouped, nothing, type Reading } from './reading.ts'

/**
 * A share, or a quantile or the mean of a distribution, over everything that a probe counted in these samples;
 * undefined for figures that it did not count, and for what only single samples can tell: the highest share of a second.
 */
export function readCounted(samples: ProbeRecord['samples'], spec: ThresholdSpec): Reading | undefined {
  const { series, metric, statistic } = spec
  const named = samples.some(({ counted }) => counted?.[metric] !== undefined) ? metric : series
  const counted = addCounted(samples.flatMap(({ counted }) => counted?.[named] ?? []))
  if (counted === undefined) return undefined
  if (counted.kind === 'buckets') return readBuckets(counted, statistic)
  const isOfAll = named === metric || statistic.kind === 'mean'
  if (!isOfAll) return undefined
  const { part, whole } = counted
  if (whole <= 0) return nothing('none were counted in the judged part')
  return { found: true, actual: part / whole, samples: whole, note: `${grouped(part)} of ${grouped(whole)}` }
}

function readBuckets(buckets: CountedBuckets, statistic: ThresholdSpec['statistic']): Reading | undefined {
  if (statistic.kind !== 'quantile' && statistic.kind !== 'mean') return undefined
  const samples = countOf(buckets)
  const mean = meanOf(buckets)
  if (mean === undefined) return nothing('nothing was observed in the judged part')
  const observed = `${grouped(samples)} observed`
  if (!('q' in statistic)) return { found: true, actual: mean, samples, note: observed }
  const quantile = bucketQuantile(buckets, statistic.q)
  if (quantile === undefined) return nothing('its histogram has no bucket below infinity')
  const { value, low, high, atLeast } = quantile
  const where = atLeast ? 'above the highest bucket' : `in the bucket from ${grouped(low)} to ${grouped(high)}`
  return { found: true, actual: value, atLeast, samples, note: `${observed}; ${where}` }
}
