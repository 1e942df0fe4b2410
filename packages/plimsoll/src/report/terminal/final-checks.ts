import { formatCount, formatPercent, NO_DATA, plural } from '../format.ts'
import type { ReportModel } from '../model.ts'
import type { Page } from './page.ts'
import { renderTable } from './table.ts'
import { printable } from './text.ts'

const MOST = 12

/** Those that failed, each by itself; those that always held, together. */
export function checkLines({ checks }: ReportModel, page: Page): string[] {
  const { dim, green, red } = page.style.colors
  const broken = checks.filter(({ failed }) => failed > 0)
  const whole = checks.filter(({ failed }) => failed === 0)
  const rows = broken
    .slice(0, MOST)
    .map(({ name, passed, failed, share }) => [
      { text: '✗', paint: red },
      { text: printable(name) },
      { text: share === undefined ? NO_DATA : formatPercent(share), paint: red },
      { text: `${formatCount(failed)} of ${formatCount(passed + failed)} failed`, paint: dim },
    ])
  const columns = [
    { title: '' },
    { title: '', shrinkTo: 10 },
    { title: '', align: 'right' as const },
    { title: '', drop: 1 },
  ]
  const times = whole.reduce((sum, { passed }) => sum + passed, 0)
  const held = [
    { text: '✓', paint: green },
    { text: `${plural(whole.length, 'check')} always held` },
    { text: '' },
    { text: plural(times, 'time'), paint: dim },
  ]
  return [
    ...renderTable(columns, whole.length === 0 ? rows : [...rows, held], page.width, dim),
    ...(broken.length > MOST ? [dim(`and ${broken.length - MOST} more in the report`)] : []),
  ]
}
