import type { Distribution } from '../../../plimsoll/src/record/run-record.ts'
import { quantiles } from './quantiles.ts'

export interface PointQuantiles {
  readonly p50: number | undefined
  readonly p95: number | undefined
  readonly p99: number | undefined
}

const known = new WeakMap<Distribution, PointQuantiles>()

/** The quantiles of one point in time, in milliseconds. Points do not change, and decoding them again costs. */
export function pointQuantiles(distribution: Distribution): PointQuantiles {
  let found = known.get(distribution)
  if (found === undefined) {
    const [p50, p95, p99] = quantiles(distribution.histogram, [0.5, 0.95, 0.99])
    found = { p50, p95, p99 }
    known.set(distribution, found)
  }
  return found
}
