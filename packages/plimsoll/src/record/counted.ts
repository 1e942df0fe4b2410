/**
 * What a probe counted since its last sample, where averages of samples would be wrong: shares and distributions over a
 * longer time are those of the sums.
 */
export type Counted = CountedShare | CountedBuckets

export interface CountedShare {
  readonly kind: 'share'
  readonly part: number
  readonly whole: number
}

/** A distribution in buckets of fixed bounds, as a classic histogram of Prometheus has them. */
export interface CountedBuckets {
  readonly kind: 'buckets'
  /** Upper bounds, inclusive and rising, all finite. */
  readonly bounds: readonly number[]
  /** Of each bucket by itself, not cumulative; one more than bounds: above the last. */
  readonly counts: readonly number[]
  /** Of all that was observed, in the bounds' unit. */
  readonly sum: number
}

/** Several samples' as one; of another kind or other bounds than the first they cannot be added, and are left out. */
export function addCounted(all: readonly Counted[]): Counted | undefined {
  const [first, ...rest] = all
  if (first === undefined) return undefined
  return rest.reduce((sum, next) => add(sum, next), first)
}

function add(a: Counted, b: Counted): Counted {
  if (a.kind === 'share') {
    return b.kind === 'share' ? { ...a, part: a.part + b.part, whole: a.whole + b.whole } : a
  }
  if (b.kind === 'share' || a.bounds.join() !== b.bounds.join()) return a
  return { ...a, counts: a.counts.map((count, i) => count + (b.counts[i] ?? 0)), sum: a.sum + b.sum }
}

/** What each figure counted over all of these samples. */
export function sumCounted(
  samples: readonly { readonly counted?: Readonly<Record<string, Counted>> }[],
): Record<string, Counted> {
  const sums: Record<string, Counted> = {}
  for (const { counted = {} } of samples) {
    for (const [figure, one] of Object.entries(counted)) {
      const sum = sums[figure]
      sums[figure] = sum === undefined ? one : add(sum, one)
    }
  }
  return sums
}

export const countOf = ({ counts }: CountedBuckets): number => counts.reduce((sum, count) => sum + count, 0)

/** Undefined where nothing was observed. */
export function meanOf(buckets: CountedBuckets): number | undefined {
  const count = countOf(buckets)
  return count > 0 ? buckets.sum / count : undefined
}

export interface BucketQuantile {
  /** Interpolated between `low` and `high`; with `atLeast`, the highest bound. */
  readonly value: number
  /** The bucket that it lies in: no more than that is known. */
  readonly low: number
  readonly high: number
  /** It lies above the highest bound. */
  readonly atLeast: boolean
}

/**
 * A quantile as `histogram_quantile` of Prometheus estimates it: observations are taken as spread evenly over their
 * bucket, the lowest of which begins at 0 unless its bound is not above that, and what lies above the highest bound is
 * given as that bound (prometheus.io/docs/prometheus/latest/querying/functions). Undefined where nothing was observed,
 * or no bucket has a bound.
 */
export function bucketQuantile(buckets: CountedBuckets, q: number): BucketQuantile | undefined {
  const { bounds, counts } = buckets
  const count = countOf(buckets)
  const highest = bounds.at(-1)
  if (count <= 0 || highest === undefined) return undefined
  const rank = q * count
  let below = 0
  for (const [i, high] of bounds.entries()) {
    const inside = counts[i] ?? 0
    if (inside > 0 && below + inside >= rank) {
      const low = i === 0 ? Math.min(0, high) : (bounds[i - 1] ?? 0)
      return { value: low + (high - low) * Math.max(0, (rank - below) / inside), low, high, atLeast: false }
    }
    below += inside
  }
  return { value: highest, low: highest, high: Number.POSITIVE_INFINITY, atLeast: true }
}

/** What of a distribution is shown over time, and in reports. */
export const bucketFigures = ['mean', 'p50', 'p95', 'p99'] as const

/**
 * The numbers that counts give, by their names: a share under the figure's own, of a distribution `NAME mean`,
 * `NAME p95` and so on. Nothing where nothing was counted.
 */
export function figuresOf(name: string, counted: Counted): Record<string, number> {
  if (counted.kind === 'share') return counted.whole > 0 ? { [name]: counted.part / counted.whole } : {}
  const figures: Record<string, number> = {}
  for (const figure of bucketFigures) {
    const value = figure === 'mean' ? meanOf(counted) : bucketQuantile(counted, Number(`0.${figure.slice(1)}`))?.value
    if (value !== undefined) figures[`${name} ${figure}`] = value
  }
  return figures
}
