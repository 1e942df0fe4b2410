import { plural } from '../../report/format.ts'
import { Page } from '../../report/terminal/page.ts'
import type { TerminalStyle } from '../../report/terminal/style.ts'
import { pad } from '../../report/terminal/text.ts'
import type { Diagnosis } from './diagnosis.ts'

const marks = { ok: '✓', warn: '●', bad: '✗' } as const

/** A line for each, and below it what to change. */
export function renderDiagnoses(diagnoses: readonly Diagnosis[], columns: number, style: TerminalStyle): string {
  const { green, yellow, red, bold } = style.colors
  const paint = { ok: green, warn: yellow, bad: red }
  const page = new Page(columns, style)
  const width = Math.max(...diagnoses.map(({ name }) => name.length))
  const lines = diagnoses.flatMap(({ name, state, found, change }) => {
    const lead = `${marks[state]}  ${pad(name, width)}  `
    const [first = '', ...rest] = page.paragraph(found, { first: lead })
    const advice = change === undefined ? [] : page.paragraph(change, { first: `${' '.repeat(lead.length - 2)}→ ` })
    return [paint[state](first.slice(0, 1)) + first.slice(1), ...rest, ...advice]
  })
  page.section('This machine', lines)
  const bad = diagnoses.filter(({ state }) => state === 'bad').length
  const warnings = diagnoses.filter(({ state }) => state === 'warn').length
  const verdict =
    bad > 0
      ? red(`${plural(bad, 'thing')} to change before you trust a figure`)
      : warnings > 0
        ? yellow(`Fit to generate load, with ${plural(warnings, 'limit')} to know of`)
        : green('Fit to generate load')
  page.section('', [bold(verdict)])
  return page.render()
}
