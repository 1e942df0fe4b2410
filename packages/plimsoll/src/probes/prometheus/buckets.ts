import type { CountedBuckets } from '../../record/counted.ts'
import type { Selector } from './figure.ts'
import type { Scrape } from './scrape.ts'

/** More than any client library makes, far less than would burden a run's events. */
const MOST_BOUNDS = 200

/**
 * What a histogram observed between two scrapes, all matching series added up; a summary has no buckets, and gives its
 * mean. Undefined where no series matches, or there are more than 200 bounds. As in Prometheus, a bucket that has less
 * than the one below it, because series of different bounds were added, counts as having as much.
 */
export function observedBetween(
  before: Scrape,
  now: Scrape,
  selector: Selector & { readonly factor: number },
): CountedBuckets | undefined {
  const { metric, factor } = selector
  const counts = now.matching(selector, `${metric}_count`)
  if (counts.length === 0) return undefined
  const cumulative = new Map<number, number>()
  for (const series of now.matching(selector, `${metric}_bucket`)) {
    const bound = Number((series.labels.get('le') ?? '').replace(/\+?Inf/, 'Infinity') || Number.NaN)
    if (Number.isFinite(bound)) cumulative.set(bound, (cumulative.get(bound) ?? 0) + now.growth(before, series))
  }
  if (cumulative.size > MOST_BOUNDS) return undefined
  const bounds = [...cumulative.keys()].sort((a, b) => a - b)
  const observed = counts.reduce((sum, series) => sum + now.growth(before, series), 0)
  const inBuckets: number[] = []
  let below = 0
  for (const bound of bounds) {
    const upTo = Math.max(below, Math.min(observed, cumulative.get(bound) ?? 0))
    inBuckets.push(upTo - below)
    below = upTo
  }
  inBuckets.push(Math.max(0, observed - below))
  const sum = sumBetween(before, now, selector)
  return { kind: 'buckets', bounds: bounds.map((bound) => bound * factor), counts: inBuckets, sum: sum * factor }
}

/** A sum may shrink, where what is observed may be negative: whether it began anew is told by the count. */
function sumBetween(before: Scrape, now: Scrape, selector: Selector): number {
  let total = 0
  for (const { name, labelText, value } of now.matching(selector, `${selector.metric}_sum`)) {
    const count = `${selector.metric}_count`
    const isNew = (now.value(count, labelText) ?? 0) < (before.value(count, labelText) ?? 0)
    const grown = isNew ? value : value - (before.value(name, labelText) ?? 0)
    if (Number.isFinite(grown)) total += grown
  }
  return total
}
