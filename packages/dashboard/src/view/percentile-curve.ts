import type { Histogram } from '../../../plimsoll/src/measure/histogram.ts'
import { quantiles } from './quantiles.ts'

export interface CurvePoint {
  readonly q: number
  readonly ms: number
}

const STEPS_PER_NINE = 24

/**
 * A distribution as HdrHistogram plots it: quantiles evenly spaced in −log10(1 − q), so that each further nine takes as
 * much room. It ends at the last quantile that one sample lies beyond.
 */
export function percentileCurve(histogram: Histogram): CurvePoint[] {
  if (histogram.count === 0) return []
  const nines = Math.log10(histogram.count)
  const steps = Math.max(1, Math.floor(nines * STEPS_PER_NINE))
  const qs = Array.from({ length: steps + 1 }, (_, step) => 1 - 10 ** (-(nines * step) / steps))
  return quantiles(histogram, qs).map((ms, index) => ({ q: qs[index] ?? 1, ms }))
}

/** Where a quantile stands on the axis: 0 for the minimum, 1 for p90, 2 for p99. */
export const ninesOf = (q: number): number => -Math.log10(1 - q)
