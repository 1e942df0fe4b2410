import { millis } from '../../base/units.ts'
import {
  formatActual,
  formatBytes,
  formatCount,
  formatDuration,
  formatFigure,
  formatLimit,
  formatMillis,
  formatNumber,
  formatPercent,
  formatRate,
  NO_DATA,
  plural,
} from '../format.ts'
import type { LatencyRow } from '../latency-row.ts'
import type { ReportModel } from '../model.ts'
import { socketSubject } from '../subject.ts'
import { outcomeMarks, stateMarks } from './marks.ts'
import { connections, deliveries } from './sockets.ts'
import { code, line, table } from './syntax.ts'

/** The report as GitHub-flavoured Markdown: for pull requests, wikis and step summaries. */
export function renderMarkdown(model: ReportModel): string {
  const { run } = model
  const about = [line(run.profile), code(run.url), formatDuration(run.duration), ...run.load.map(line)].join(' · ')
  return `${[
    `## ${outcomeMarks[model.outcome]} ${line(run.plan)}: ${line(model.headline)}`,
    about,
    ...(model.endedEarly === undefined ? [] : [`Ended early, ${line(model.endedEarly)}.`]),
    ...explanation(model),
    ...thresholds(model),
    ...deliveries(model),
    ...connections(model),
    ...latencies('Endpoints', 'endpoint', model.endpoints, model.traffic),
    ...latencies('Acks and requests', 'name', model.exchanges, undefined),
    ...latencies('Journeys and steps', 'name', [...model.journeys, ...model.steps], undefined),
    ...checks(model),
    ...errors(model),
    ...findings(model),
    ...generator(model),
    ...(model.notes.length === 0 ? [] : [model.notes.map((note) => `- ${line(note)}`).join('\n')]),
    footer(model),
  ].join('\n\n')}\n`
}

const explanation = ({ explanation }: ReportModel): string[] =>
  explanation === undefined
    ? []
    : [line(explanation.meaning), explanation.next.map((one) => `- ${line(one)}`).join('\n')]

function thresholds({ thresholds }: ReportModel): string[] {
  if (thresholds.length === 0) return []
  const rows = thresholds.map((one) => [
    `${stateMarks[one.verdict]}`,
    code(one.subject),
    line(one.metric),
    code(formatLimit(one)),
    line(formatActual(one)),
    line(one.note ?? ''),
  ])
  const hasNotes = thresholds.some(({ note }) => note !== undefined)
  const columns = ['', 'subject', 'metric', 'limit', 'actual', ...(hasNotes ? ['note'] : [])]
  return ['### Thresholds', table(columns, hasNotes ? rows : rows.map((row) => row.slice(0, -1)), ['actual'])]
}

const percentiles = ['p50', 'p95', 'p99'] as const
const numbers = ['count', 'rate', 'failed', ...percentiles, 'max']

function latencies(title: string, first: string, rows: readonly LatencyRow[], all: LatencyRow | undefined): string[] {
  if (rows.length === 0) return []
  const body = [...rows, ...(all === undefined || rows.length < 2 ? [] : [all])].flatMap((row) => [
    latencyCells(row),
    ...succeeded(row),
  ])
  return [`### ${title}`, table([first, ...numbers], body, numbers)]
}

function latencyCells(row: LatencyRow): string[] {
  return [
    row.scope === 'all' ? '**all**' : code(socketSubject(row) ?? row.name),
    formatCount(row.count),
    formatRate(row.rate),
    row.failed === 0 ? '0' : formatCount(row.failed),
    ...percentiles.map((name) => formatFigure(row.quantiles[name])),
    row.max === undefined ? NO_DATA : formatMillis(row.max),
  ]
}

const succeeded = ({ succeeded }: LatencyRow): string[][] =>
  succeeded === undefined
    ? []
    : [
        [
          '*of which succeeded*',
          formatCount(succeeded.count),
          '',
          '',
          ...percentiles.map((name) => formatFigure(succeeded.quantiles[name])),
          '',
        ],
      ]

function checks({ checks }: ReportModel): string[] {
  const broken = checks.filter(({ failed }) => failed > 0)
  if (checks.length === 0) return []
  if (broken.length === 0) return [`✅ All ${plural(checks.length, 'check')} passed every time.`]
  const rows = broken.map(({ name, passed, failed, share }) => [
    code(name),
    formatCount(passed),
    formatCount(failed),
    share === undefined ? NO_DATA : formatPercent(share),
  ])
  return ['### Checks that failed', table(['check', 'passed', 'failed', 'share'], rows, ['passed', 'failed', 'share'])]
}

function errors({ errors, faults }: ReportModel): string[] {
  const rows = errors
    .slice(0, 20)
    .map(({ code: number, name, count, sample }) => [
      code(number),
      code(name),
      formatCount(count),
      line(sample?.message ?? sample?.responseBody?.slice(0, 120) ?? ''),
    ])
  const thrown = faults
    .slice(0, 10)
    .map(({ kind, journey, message, count }) => [kind, code(journey), formatCount(count), line(message)])
  if (rows.length + thrown.length === 0) return []
  return ['### Errors', table(['error', 'where', 'count', 'sample'], [...rows, ...thrown], ['count'])]
}

const findings = ({ findings }: ReportModel): string[] =>
  findings.flatMap(({ title, evidence, recommendation }) => [
    `### ${line(title)}`,
    evidence.map((one) => `- ${line(one)}`).join('\n'),
    `**What to change:** ${line(recommendation)}`,
  ])

function generator({ generator }: ReportModel): string[] {
  const figures = [
    plural(generator.workers, 'worker'),
    ...(generator.cpu === undefined ? [] : [`${formatNumber(generator.cpu)} cores`]),
    ...(generator.loopDelayP99 === undefined ? [] : [`event loop ${formatMillis(generator.loopDelayP99)} p99`]),
    ...(generator.lateStartsP99 === undefined
      ? []
      : [`starts ${formatMillis(millis(generator.lateStartsP99))} late p99`]),
    ...(generator.receiveWaitP99 === undefined ? [] : [`receive wait ${formatMillis(generator.receiveWaitP99)} p99`]),
    ...(generator.peakRss === undefined ? [] : [`${formatBytes(generator.peakRss)} memory`]),
  ]
  const flags = generator.flags.map(
    ({ id, severity, reason, advice }) => `- **${id} ${severity}**: ${line(reason)}. ${line(advice)}`,
  )
  return [[`Generator **${generator.state}**: ${figures.join(', ')}.`, ...flags].join('\n')]
}

function footer({ run, machine }: ReportModel): string {
  const parts = [
    machine.cpuModel,
    plural(machine.cores, 'core'),
    `Node ${machine.node}`,
    `Plimsoll ${machine.plimsoll}`,
  ]
  return `<sub>${line([run.startedAt, ...parts, `seed ${run.seed}`].join(' · '))}</sub>`
}
