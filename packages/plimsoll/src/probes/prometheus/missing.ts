import { nearestNames } from '../../base/nearest-names.ts'
import { familyNames } from './exposition.ts'
import { describeSelector, type PrometheusFigure, type Selector, selectorsOf, seriesNamesOf } from './figure.ts'
import type { Scrape } from './scrape.ts'
import type { Series } from './series-line.ts'

/** Why there was nothing of a figure in the whole run, by what the endpoint had at its end. */
export function explainMissing(figure: PrometheusFigure, scrape: Scrape, where: string): string {
  for (const selector of selectorsOf(figure)) {
    const { metric } = selector
    const parts = figure.kind === 'histogram' ? seriesNamesOf(figure) : [metric]
    if (![metric, ...parts].some((name) => scrape.page.names.has(name))) {
      return `${where} has no metric "${metric}"; ${nearestNames(metric, familyNames(scrape.page))}`
    }
    const kind = scrape.page.types.get(metric)
    if (figure.kind === 'histogram' && kind !== undefined && kind !== 'histogram' && kind !== 'summary') {
      return `"${metric}" of ${where} is a ${kind}, and no histogram`
    }
    const all = parts.flatMap((name) => scrape.matching({ metric: name, where: {} }))
    const mismatch =
      all.length === 0 ? `"${metric}" of ${where} has no series: nothing was counted` : unmatched(selector, all)
    if (mismatch !== undefined) return mismatch
  }
  return `${selectorsOf(figure).map(describeSelector).join(', ')} of ${where}: there was nothing that can be read`
}

function unmatched(selector: Selector, all: readonly Series[]): string | undefined {
  for (const [label, wanted] of Object.entries(selector.where)) {
    const values = [...new Set(all.flatMap(({ labels }) => labels.get(label) ?? []))]
    if (values.length === 0) {
      const labels = [...new Set(all.flatMap((series) => [...series.labels.keys()]))]
      return `"${selector.metric}" has no label "${label}"; ${nearestNames(label, labels)}`
    }
    if (!wanted.some((value) => values.includes(value))) {
      return `no series of "${selector.metric}" has ${label}="${wanted.join('" or "')}"; ${nearestNames(wanted[0] ?? '', values)}`
    }
  }
  const isThere = all.some(({ labels }) =>
    Object.entries(selector.where).every(([label, wanted]) => wanted.includes(labels.get(label) ?? '')),
  )
  return isThere ? undefined : `no series has all of ${describeSelector(selector)}`
}
