import { formatDuration, plural } from '../format.ts'
import type { ReportModel } from '../model.ts'
import { checkLines } from './final-checks.ts'
import { connectionLines, deliveryLines } from './final-deliveries.ts'
import { errorLines, faultLines } from './final-errors.ts'
import { findingLines } from './final-findings.ts'
import { generatorLines, probeLines } from './final-health.ts'
import { latencyLines, legend } from './final-latency.ts'
import { thresholdLines } from './final-thresholds.ts'
import { outcomeMark } from './marks.ts'
import { Page } from './page.ts'
import type { TerminalStyle } from './style.ts'
import { cut, printable } from './text.ts'

export interface FinalOptions {
  readonly columns: number
  readonly style: TerminalStyle
  /** Where the report is, as the person would type it. */
  readonly report?: string | undefined
}

/** What a person sees when the run is over: thresholds first, the verdict last, above the prompt. */
export function renderFinal(model: ReportModel, { columns, style, report }: FinalOptions): string {
  const page = new Page(columns, style)
  page.section('', titleLines(model, page))
  const [doubt, times] = model.outcome === 'invalid' ? ['do not count: the run is not valid', ', not valid'] : ['', '']
  page.section('Thresholds', thresholdLines(model, page), doubt)
  page.section('Deliveries', deliveryLines(model, page), `times in ms${times}`)
  page.section('Connections', connectionLines(model, page))
  const rows = model.traffic === undefined ? model.endpoints : [...model.endpoints, model.traffic]
  const delivered = model.deliveries.flatMap(({ latency }) => latency ?? [])
  const returns = model.connections.returns === undefined ? [] : [model.connections.returns]
  const others = [...model.journeys, ...model.steps]
  page.section('Endpoints', latencyLines(model, rows, 'requests', page), `times in ms${times}`)
  page.section('Acks and requests', latencyLines(model, model.exchanges, 'times', page), `in ms${times}`)
  page.section('Journeys and steps', latencyLines(model, others, 'times', page), `in ms${times}`)
  page.section('', legend([...delivered, ...returns, ...rows, ...model.exchanges, ...others], page))
  page.section('Checks', checkLines(model, page))
  page.section('Errors', errorLines(model, page), 'of the whole run')
  page.section('Faults of the plan', faultLines(model, page))
  page.section('System', probeLines(model, page))
  page.section('Generator', generatorLines(model, page))
  page.section('Findings', findingLines(model, page))
  page.section(
    '',
    model.notes.flatMap((note) => page.paragraph(note, { paint: style.colors.dim })),
  )
  page.section('', verdictLines(model, report, page))
  return page.render()
}

function titleLines({ run, totals, judged, messages }: ReportModel, page: Page): string[] {
  const { bold, dim } = page.style.colors
  const title = cut(printable(`${run.plan} · ${run.profile}`), page.width)
  const part =
    judged.duration > 0 && judged.duration < run.duration ? `, ${formatDuration(judged.duration)} judged` : ''
  const sent = messages.reduce((sum, { count }) => sum + count, 0)
  const traffic = [
    ...(totals.requests > 0 || sent === 0 ? [plural(totals.requests, 'request')] : []),
    ...(sent > 0 ? [plural(sent, 'message')] : []),
  ]
  const about = [run.url, ...run.load, `${formatDuration(run.duration)}${part}`, ...traffic]
  return [bold(title), ...page.figures(about, { paint: dim })]
}

function explanationLines({ explanation }: ReportModel, page: Page): string[] {
  if (explanation === undefined) return []
  const next = explanation.next.flatMap((one) => page.paragraph(one, { first: '→ ' }))
  return [...page.paragraph(explanation.meaning), ...next]
}

function verdictLines(model: ReportModel, report: string | undefined, page: Page): string[] {
  const { dim } = page.style.colors
  const { mark, word, paint } = outcomeMark(model.outcome, page.style)
  const lines = page.paragraph(model.headline, { first: `${mark} ${word}  ` })
  const [first = '', ...rest] = lines
  const lead = `${mark} ${word}`
  return [
    paint(lead) + first.slice(lead.length),
    ...rest,
    ...explanationLines(model, page),
    ...(model.endedEarly === undefined ? [] : page.paragraph(`Ended early, ${model.endedEarly}`, { paint: dim })),
    // Not cut: a path is copied, or clicked.
    ...(report === undefined ? [] : [`${dim('Report')} ${report}`]),
  ]
}
