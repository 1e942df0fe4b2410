import { type Histogram, midpointOf, rankOf } from '../../../plimsoll/src/measure/histogram.ts'
import { FEWEST_BEYOND, isLowerBound, isRough } from '../../../plimsoll/src/measure/quantile-doubt.ts'
import { count as grouped } from './format.ts'

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

/** What to bear in mind about a quantile. */
export interface QuantileDoubt {
  /** `≈`: it hangs on a handful of samples. `≥`: it falls among samples that were cut off, the true one is no smaller. */
  readonly sign: '≈' | '≥'
  readonly why: string
}

/** Undefined for a quantile that can be taken at its word. Samples that were cut off are taken to be the longest. */
export function quantileDoubt(q: number, samples: number, censored: number): QuantileDoubt | undefined {
  if (isLowerBound(q, samples, censored)) {
    return {
      sign: '≥',
      why: `${quantileName(q)} falls among the ${grouped(censored)} that were cut off: it is at least this long`,
    }
  }
  if (!isRough(q, samples)) return undefined
  const needed = Math.ceil(FEWEST_BEYOND / (1 - q) - 1e-6)
  return {
    sign: '≈',
    why: `fewer than ${FEWEST_BEYOND} samples lie beyond it: ${quantileName(q)} needs ${grouped(needed)}, there are ${grouped(samples)}`,
  }
}

/** `p50`, `p99.9`. */
export const quantileName = (q: number): string => `p${Number((q * 100).toFixed(6))}`
