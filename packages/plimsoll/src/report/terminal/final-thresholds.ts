import type { ThresholdResult } from '../../judge/verdict.ts'
import { formatFound, formatInterval, formatLimit } from '../format.ts'
import type { ReportModel } from '../model.ts'
import { stateMark } from './marks.ts'
import type { Page } from './page.ts'
import { type Cell, renderTable } from './table.ts'
import { printable } from './text.ts'

/** Each with its limit and what was found; why one has no data stands below it. */
export function thresholdLines({ thresholds, outcome }: ReportModel, page: Page): string[] {
  const { dim } = page.style.colors
  const columns = [
    { title: '' },
    { title: '', shrinkTo: 28 },
    { title: '', shrinkTo: 12 },
    { title: '' },
    { title: '' },
    { title: '', drop: 1 },
    { title: '', drop: 2, shrinkTo: 24 },
  ]
  const lines = renderTable(
    columns,
    thresholds.map((one) => cells(one, outcome !== 'invalid', page)),
    page.width,
    dim,
  )
  return thresholds.flatMap((one, index) => [lines[index] ?? '', ...(isBelow(one) ? noteBelow(one, page) : [])])
}

const isBelow = ({ verdict, note }: ThresholdResult): boolean => verdict !== 'met' && note !== undefined

/** What does not count has no colour that says it was good or bad. */
function cells(threshold: ThresholdResult, counts: boolean, { style }: Page): Cell[] {
  const { subject, metric, verdict, note = '' } = threshold
  const { bold, dim } = style.colors
  const { mark, paint: stateColor } = stateMark(verdict, style)
  const paint = counts ? stateColor : dim
  return [
    { text: mark, paint },
    { text: printable(subject), paint: verdict === 'met' ? (text) => text : bold },
    { text: printable(metric) },
    { text: printable(formatLimit(threshold)), paint: dim },
    { text: formatFound(threshold), paint: verdict === 'met' ? (text) => text : paint },
    { text: formatInterval(threshold), paint: dim },
    { text: isBelow(threshold) ? '' : printable(note), paint: dim },
  ]
}

const noteBelow = ({ note = '' }: ThresholdResult, page: Page): string[] =>
  page.paragraph(note, { first: '   ', paint: page.style.colors.dim })
