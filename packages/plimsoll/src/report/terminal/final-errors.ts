import { millis } from '../../base/units.ts'
import type { Exemplar } from '../../record/events.ts'
import { formatCount, formatMillis, formatPercent, plural } from '../format.ts'
import type { ErrorRow, ReportModel } from '../model.ts'
import type { Page } from './page.ts'
import { renderTable } from './table.ts'
import { cut, printable } from './text.ts'

const MOST = 8
const STACK_LINES = 3

/** The most frequent, each with an example of what was answered. */
export function errorLines({ errors }: ReportModel, page: Page): string[] {
  const { dim, red } = page.style.colors
  const shown = errors.slice(0, MOST)
  const rows = shown.map(({ code, name, count, share }) => [
    { text: formatCount(count), paint: red },
    { text: printable(code) },
    { text: printable(name) },
    { text: share === undefined ? '' : `${formatPercent(share)} of them`, paint: dim },
  ])
  const columns = [
    { title: '', align: 'right' as const },
    { title: '' },
    { title: '', shrinkTo: 10 },
    { title: '', drop: 1 },
  ]
  const lines = renderTable(columns, rows, page.width, dim)
  const rest = errors.slice(MOST).reduce((sum, { count }) => sum + count, 0)
  return [
    ...shown.flatMap((error, index) => [lines[index] ?? '', ...sampleLines(error, page)]),
    ...(rest > 0 ? [dim(`and ${formatCount(rest)} of ${errors.length - MOST} more kinds in the report`)] : []),
  ]
}

function sampleLines({ sample }: ErrorRow, { width, style }: Page): string[] {
  if (sample === undefined) return []
  return [sampleText(sample), sample.responseBody ?? '']
    .map(printable)
    .filter((text) => text !== '')
    .map((text) => style.colors.dim(`    ${cut(text, width - 4)}`))
}

function sampleText({ method, url, status, message, total }: Exemplar): string {
  const outcome = [...(status === 0 ? [] : [String(status)]), ...(message === undefined ? [] : [message])].join(' ')
  return `${method} ${url}: ${outcome} after ${formatMillis(millis(total))}`
}

/** What plan code threw, with the lines of the plan where it did. */
export function faultLines({ faults }: ReportModel, page: Page): string[] {
  const { dim, red } = page.style.colors
  return faults.slice(0, MOST).flatMap(({ kind, journey, message, stack, count }) => {
    const times = formatCount(count)
    const what = `${printable(journey)} ${kind}: ${printable(message)}`
    const frames = (stack ?? '').split('\n').filter((line) => /^\s+at /.test(line))
    return [
      `${red(times)}  ${cut(what, page.width - times.length - 2)}`,
      ...frames.slice(0, STACK_LINES).map((frame) => dim(`    ${cut(printable(frame), page.width - 4)}`)),
      ...(frames.length > STACK_LINES ? [dim(`    and ${plural(frames.length - STACK_LINES, 'frame')} more`)] : []),
    ]
  })
}
