import type { PanelSeries } from '../charts/panel-props.ts'

type Quantiles = Readonly<Record<'p50' | 'p95' | 'p99', PanelSeries['values']>>

/** p50, p95 and p99 over time, in the colours that they have everywhere. */
export const quantileSeries = (columns: Quantiles): PanelSeries[] =>
  (['p50', 'p95', 'p99'] as const).map((name) => ({
    label: name,
    color: `var(--s-${name})`,
    values: columns[name],
  }))
