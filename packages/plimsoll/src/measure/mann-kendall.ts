import { normalCdf } from './special-functions.ts'

export interface TrendTest {
  /** Rising minus falling pairs. */
  readonly s: number
  /** Two-sided probability of so strong a trend by chance; 1 with fewer than four values. */
  readonly p: number
}

/**
 * Mann–Kendall test for a monotone trend: S over all pairs, Var = (n(n−1)(2n+5) − Σ t(t−1)(2t+5))/18 with the groups
 * of ties t, normal with continuity correction (Mann 1945; Kendall 1975). Values that depend on their neighbours
 * (latencies do) raise false alarms: 29 % at p < 0.01 for AR(0.9). Hand in medians of blocks instead (§3.6), and the
 * factor by which what dependence is left inflates the variance (Yue & Wang 2004).
 */
export function mannKendall(values: readonly number[], inflation = 1): TrendTest {
  const n = values.length
  if (n < 4) return { s: 0, p: 1 }
  let s = 0
  for (let i = 0; i < n; i++) {
    for (let j = i + 1; j < n; j++) s += Math.sign(values[j]! - values[i]!)
  }
  const ties = new Map<number, number>()
  for (const value of values) ties.set(value, (ties.get(value) ?? 0) + 1)
  const pairs = (t: number): number => t * (t - 1) * (2 * t + 5)
  const variance = (pairs(n) - [...ties.values()].reduce((sum, t) => sum + pairs(t), 0)) / 18
  if (variance === 0) return { s, p: 1 }
  const z = (s - Math.sign(s)) / Math.sqrt(variance * inflation)
  return { s, p: 2 * normalCdf(-Math.abs(z)) }
}
