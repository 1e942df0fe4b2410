/** Which series of a metric: those whose labels have one of the values, for every label that is named. */
export interface Selector {
  readonly metric: string
  readonly where: Readonly<Record<string, readonly string[]>>
}

/** What a plan wants of an endpoint; `factor` turns the metric's own unit into the figure's. */
export type PrometheusFigure =
  | ({ readonly kind: 'gauge' | 'counter' | 'histogram'; readonly factor: number } & Selector)
  | { readonly kind: 'share'; readonly part: Selector; readonly whole: readonly Selector[] }

export const selectorsOf = (figure: PrometheusFigure): readonly Selector[] =>
  figure.kind === 'share' ? [figure.part, ...figure.whole] : [figure]

/** The names of the lines that a figure is read from. */
export function seriesNamesOf(figure: PrometheusFigure): readonly string[] {
  if (figure.kind !== 'histogram') return selectorsOf(figure).map(({ metric }) => metric)
  return ['bucket', 'sum', 'count'].map((part) => `${figure.metric}_${part}`)
}

/** `redis_commands`, `cache_hits_total{cache="rooms" or "users"}`. */
export function describeSelector({ metric, where }: Selector): string {
  const labels = Object.entries(where).map(([name, values]) => `${name}="${values.join('" or "')}"`)
  return labels.length === 0 ? metric : `${metric}{${labels.join(', ')}}`
}
