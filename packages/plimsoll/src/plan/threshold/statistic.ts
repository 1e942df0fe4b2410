import type { ThresholdSpec } from '../compiled.ts'

type Statistic = ThresholdSpec['statistic']

/** The last word of a metric: `p95`, `max`. */
export function parseStatistic(word: string): Statistic | undefined {
  if (word === 'min' || word === 'mean' || word === 'max') return { kind: word }
  const q = parseQuantile(word)
  return q === undefined ? undefined : { kind: 'quantile', q }
}

/**
 * `p50` and `p99.9` are percent; without a point, three or more digits that begin with 9 are decimals: `p999` is
 * 99.9 %. Undefined for anything else, and for p0 and p100, which are `min` and `max`.
 */
export function parseQuantile(word: string): number | undefined {
  const digits = /^p(\d+(?:\.\d+)?)$/.exec(word)?.[1]
  if (digits === undefined) return undefined
  const q = /^9\d{2,}$/.test(digits) ? Number(`0.${digits}`) : Number((Number(digits) / 100).toPrecision(12))
  return q > 0 && q < 1 ? q : undefined
}
