import type { Counted } from '../../record/counted.ts'
import { countOf } from '../../record/counted.ts'
import { observedBetween } from './buckets.ts'
import type { PrometheusFigure, Selector } from './figure.ts'
import type { Scrape } from './scrape.ts'

/**
 * A figure between two scrapes. A gauge is what its series add up to now, a counter its growth per second, a histogram
 * what it observed, with its rate beside it. Nothing where no series matches: nothing is taken for 0 that may as well
 * be a label written wrong.
 */
export function evaluate(
  name: string,
  figure: PrometheusFigure,
  before: Scrape,
  now: Scrape,
): Record<string, number | Counted> {
  const seconds = (now.at - before.at) / 1000
  switch (figure.kind) {
    case 'gauge': {
      const values = now.matching(figure).map(({ value }) => value)
      const sum = values.reduce((total, value) => total + value, 0) * figure.factor
      return values.length > 0 && Number.isFinite(sum) ? { [name]: sum } : {}
    }
    case 'counter': {
      const grown = growthOf(figure, before, now)
      return grown === undefined ? {} : { [name]: (grown * figure.factor) / seconds }
    }
    case 'histogram': {
      const observed = observedBetween(before, now, figure)
      return observed === undefined ? {} : { [name]: observed, [`${name} rate`]: countOf(observed) / seconds }
    }
    case 'share': {
      const all = [figure.part, ...figure.whole]
      const [part, ...parts] = all.map((selector) => growthOf(selector, before, now, all))
      const whole = parts.reduce<number>((sum, grown) => sum + (grown ?? 0), 0)
      return part === undefined || parts.includes(undefined) ? {} : { [name]: { kind: 'share', part, whole } }
    }
  }
}

/**
 * Before it has a series, a metric that is known has counted nothing, if its labels are no mistake: none are asked for,
 * or the same ones are found at another counter of the figure.
 */
function growthOf(
  selector: Selector,
  before: Scrape,
  now: Scrape,
  others: readonly Selector[] = [],
): number | undefined {
  const series = now.matching(selector)
  if (series.length > 0) return series.reduce((sum, one) => sum + now.growth(before, one), 0)
  if (!now.page.names.has(selector.metric)) return undefined
  const labels = JSON.stringify(selector.where)
  const isProven = (other: Selector) => JSON.stringify(other.where) === labels && now.matching(other).length > 0
  return labels === '{}' || others.some(isProven) ? 0 : undefined
}
