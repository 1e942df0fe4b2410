import { type Millis, share } from '../../base/units.ts'
import { doubtSign, formatCount, formatNumber, formatPercent } from '../format.ts'
import type { Figure, LatencyRow, QuantileName } from '../latency-row.ts'
import type { ReportModel } from '../model.ts'
import { socketSubject, subjectOf } from '../subject.ts'
import type { Page } from './page.ts'
import { type Cell, type Column, renderTable } from './table.ts'
import { printable } from './text.ts'

const percentiles: readonly QuantileName[] = ['p50', 'p90', 'p95', 'p99', 'p999']
const MOST_ROWS = 25

/** A table of latencies; what a threshold found too much is red. */
export function latencyLines(model: ReportModel, rows: readonly LatencyRow[], counted: string, page: Page): string[] {
  if (rows.length === 0) return []
  const { dim } = page.style.colors
  const columns: Column[] = [
    { title: '', shrinkTo: 24 },
    { title: counted, align: 'right', drop: 3 },
    { title: '/s', align: 'right', drop: 6 },
    { title: 'failed', align: 'right', drop: 1 },
    { title: 'p50', align: 'right', drop: 2 },
    { title: 'p90', align: 'right', drop: 7 },
    { title: 'p95', align: 'right' },
    { title: 'p99', align: 'right', drop: 4 },
    { title: 'p99.9', align: 'right', drop: 8 },
    { title: 'max', align: 'right', drop: 5 },
  ]
  const missed = new Set(
    model.thresholds.filter(({ verdict }) => verdict === 'missed').map(({ subject, metric }) => `${subject} ${metric}`),
  )
  const shown = rows.length > MOST_ROWS ? [...rows.slice(0, MOST_ROWS - 1), ...rows.slice(-1)] : rows
  const body = shown.flatMap((row) => [cells(row, missed, page), ...succeeded(row, page)])
  const hidden = rows.length - shown.length
  const more = hidden > 0 ? [dim(`and ${formatCount(hidden)} more in the report`)] : []
  return [...renderTable(columns, body, page.width, dim), ...more]
}

function cells(row: LatencyRow, missed: ReadonlySet<string>, { style }: Page): Cell[] {
  const { bold, dim, red } = style.colors
  const isAll = row.scope === 'all'
  const failed = share(row.failed, row.count)
  const subject = subjectOf(row)
  const name = isAll ? 'all' : printable(socketSubject(row) ?? row.name)
  return [
    { text: row.window === 'whole' ? `${name} *` : name, paint: isAll ? bold : (text) => text },
    { text: formatCount(row.count) },
    { text: formatNumber(row.rate) },
    row.failed === 0 || failed === undefined ? { text: '0', paint: dim } : { text: formatPercent(failed), paint: red },
    ...percentiles.map((quantile): Cell => {
      const text = figureText(row.quantiles[quantile])
      return missed.has(`${subject} ${quantile}`) ? { text, paint: red } : { text }
    }),
    { text: timeText(row.max) },
  ]
}

/** A second line where some failed: failures that come at once make the whole look faster than any answer was. */
function succeeded({ succeeded }: LatencyRow, { style }: Page): Cell[][] {
  if (succeeded === undefined) return []
  const { dim } = style.colors
  const blank = { text: '' }
  const figures = percentiles.map((name): Cell => ({ text: figureText(succeeded.quantiles[name]), paint: dim }))
  const count = { text: formatCount(succeeded.count), paint: dim }
  return [[{ text: '  succeeded', paint: dim }, count, blank, blank, ...figures, blank]]
}

export function figureText(figure: Figure | undefined): string {
  if (figure === undefined) return '–'
  return `${doubtSign(figure)}${timeText(figure.value)}`
}

const timeText = (value: Millis | undefined): string => (value === undefined ? '–' : formatNumber(value))

/** What the signs in the tables mean, as far as there are any. */
export function legend(rows: readonly LatencyRow[], page: Page): string[] {
  const figures = rows.flatMap((row) => [
    ...Object.values(row.quantiles),
    ...Object.values(row.succeeded?.quantiles ?? {}),
  ])
  const parts = [
    ...(figures.some((figure) => figure?.isRough && !figure.atLeast) ? ['≈ fewer than ten samples lie beyond it'] : []),
    ...(figures.some((figure) => figure?.atLeast) ? ['≥ among exchanges that were cut off'] : []),
    ...(rows.some(({ window }) => window === 'whole') ? ['* only outside the judged part'] : []),
  ]
  return page.figures(parts, { paint: page.style.colors.dim })
}
