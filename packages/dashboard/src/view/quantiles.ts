import { type Histogram, midpointOf, rankOf } from '../../../plimsoll/src/measure/histogram.ts'

/** Below this many samples beyond a quantile, it is withheld (flag V4: n·(1 − q) < 10). */
const LEAST_BEYOND = 10

/**
 * Many quantiles in one walk over the buckets, in milliseconds: each equal to `Histogram.quantile`. `qs` ascend; empty
 * for an empty histogram.
 */
export function quantiles(histogram: Histogram, qs: readonly number[]): number[] {
  const { count, min, max } = histogram
  const found: number[] = []
  if (count === 0) return found
  const ranks = qs.map((q) => rankOf(q, count))
  const take = (rank: number, middle: number): number =>
    rank === 1 ? min : rank === count ? max : Math.min(max, Math.max(min, middle))
  let seen = 0
  for (const [index, times] of histogram.entries()) {
    seen += times
    for (let rank = ranks[found.length]; rank !== undefined && seen >= rank; rank = ranks[found.length]) {
      found.push(take(rank, midpointOf(index)) / 1000)
    }
    if (found.length === ranks.length) break
  }
  return found
}

export const enoughFor = (q: number, samples: number): boolean => samples * (1 - q) >= LEAST_BEYOND - 1e-9

/** The samples that a quantile needs before it is shown. */
export const samplesNeeded = (q: number): number => Math.ceil(LEAST_BEYOND / (1 - q) - 1e-6)

/** `p50`, `p99.9`. */
export const quantileName = (q: number): string => `p${Number((q * 100).toFixed(6))}`
