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
      const part = growthOf(figure.part, before, now)
      const parts = figure.whole.map((selector) => growthOf(selector, before, now))
      const whole = parts.reduce<number>((sum, grown) => sum + (grown ?? 0), 0)
      return part === undefined || parts.includes(undefined) ? {} : { [name]: { kind: 'share', part, whole } }
    }
  }
}

/** A metric that is known, and of which all series are wanted, has counted nothing before it has one. */
function growthOf(selector: Selector, before: Scrape, now: Scrape): number | undefined {
  const series = now.matching(selector)
  if (series.length > 0) return series.reduce((sum, one) => sum + now.growth(before, one), 0)
  const isKnown = now.page.names.has(selector.metric) && Object.keys(selector.where).length === 0
  return isKnown ? 0 : undefined
}
