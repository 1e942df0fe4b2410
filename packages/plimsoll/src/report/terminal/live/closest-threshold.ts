import type { ThresholdResult } from '../../../judge/verdict.ts'
import type { RunStarted } from '../../../record/events.ts'

type Spec = RunStarted['plan']['thresholds'][number]

/** The threshold that is furthest beyond its limit, or else nearest to it; undefined while none has data. */
export function closestThreshold(
  specs: readonly Spec[],
  results: readonly ThresholdResult[],
): ThresholdResult | undefined {
  let closest: ThresholdResult | undefined
  let most = Number.NEGATIVE_INFINITY
  results.forEach((result, index) => {
    const spec = specs[index]
    if (spec === undefined || result.actual === undefined) return
    const used = shareOfLimit(spec, result.actual)
    if (used <= most) return
    most = used
    closest = result
  })
  return closest
}

/** 1 at the limit, above 1 beyond it. */
function shareOfLimit({ comparison, value }: Spec, actual: number): number {
  switch (comparison) {
    case '<':
    case '<=':
      return value > 0 ? actual / value : actual > 0 ? Number.POSITIVE_INFINITY : 0
    case '>':
    case '>=':
      return actual > 0 ? value / actual : value > 0 ? Number.POSITIVE_INFINITY : 0
    case '=':
      return actual === value ? 0 : Number.POSITIVE_INFINITY
    case '!=':
      return actual === value ? Number.POSITIVE_INFINITY : 0
  }
}
