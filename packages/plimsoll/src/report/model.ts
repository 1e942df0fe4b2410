import type { Millis, Ratio } from '../base/units.ts'
import { share } from '../base/units.ts'
import type { Explanation, Finding, ThresholdResult, Verdict } from '../judge/verdict.ts'
import type { Calibration, Exemplar, Fault, MachineInfo } from '../record/events.ts'
import type { CheckTotals, RunRecord, ShapeTotals, Totals } from '../record/run-record.ts'
import { type ConnectionRows, connectionRows, type DeliveryRow, deliveryRows } from './delivery-rows.ts'
import { type GeneratorHealth, generatorHealth } from './generator-health.ts'
import { endedEarly, headline } from './headline.ts'
import { type LatencyRow, latencyRow, rowsOf } from './latency-row.ts'
import { loadText } from './load-text.ts'
import { notesOf } from './notes.ts'
import { type ProbeSummary, summarizeProbes } from './probe-summary.ts'
import { socketSubject } from './subject.ts'

/**
 * What every report shows, in the order in which it is read; the one thing that terminal, JSON, JUnit, Markdown and
 * GitHub read. Numbers are raw, in the units of their types: report/format writes them.
 */
export interface ReportModel {
  readonly run: RunIdentity
  readonly outcome: Verdict['outcome']
  readonly exitCode: number
  readonly headline: string
  /** What an invalid outcome means, and what to do about it. */
  readonly explanation: Explanation | undefined
  /** Why the run ended before its time. */
  readonly endedEarly: string | undefined
  /** The missed and those without data first, otherwise as the plan has them. */
  readonly thresholds: readonly ThresholdResult[]
  readonly judged: RunRecord['judged']
  /** All series, as a flat list; `traffic`, `endpoints`, `journeys`, `steps` and `tags` are the headlines among them. */
  readonly rows: readonly LatencyRow[]
  /** Response time of everything. */
  readonly traffic: LatencyRow | undefined
  readonly endpoints: readonly LatencyRow[]
  readonly journeys: readonly LatencyRow[]
  readonly steps: readonly LatencyRow[]
  readonly tags: readonly LatencyRow[]
  /** What connected, was acknowledged, answered or waited for over sockets. */
  readonly exchanges: readonly LatencyRow[]
  /** By event; none where no deliveries are accounted for. */
  readonly deliveries: readonly DeliveryRow[]
  readonly connections: ConnectionRows
  /** The most frequent first. */
  readonly messages: RunRecord['messages']
  readonly shapes: readonly ShapeTotals[]
  readonly totals: Totals
  readonly checks: readonly CheckRow[]
  readonly errors: readonly ErrorRow[]
  readonly faults: readonly Fault[]
  /** The slowest kept exchanges of the run, slowest first. */
  readonly slowest: readonly Exemplar[]
  readonly generator: GeneratorHealth
  readonly calibration: Calibration | undefined
  readonly probes: readonly ProbeSummary[]
  readonly findings: readonly Finding[]
  readonly machine: MachineInfo
  /** What to bear in mind while reading. */
  readonly notes: readonly string[]
}

export interface RunIdentity {
  readonly id: string
  readonly plan: string
  readonly file: string
  readonly source: string
  readonly profile: string
  readonly url: string
  readonly startedAt: string
  readonly duration: Millis
  readonly seed: number
  readonly scale: number
  readonly tags: Readonly<Record<string, string>>
  /** A few words for each shape. */
  readonly load: readonly string[]
}

/** Of the judged part, unless it was never made there. */
export interface CheckRow {
  readonly name: string
  readonly passed: number
  readonly failed: number
  /** Undefined when it was never made. */
  readonly share: Ratio | undefined
  /** Over the whole run. */
  readonly total: { readonly passed: number; readonly failed: number }
}

/** Of the whole run. */
export interface ErrorRow {
  readonly code: string
  readonly name: string
  readonly count: number
  /** Of the endpoint's requests. */
  readonly share: Ratio | undefined
  readonly sample: Exemplar | undefined
}

const SLOWEST = 10

export function buildModel(record: RunRecord, verdict: Verdict): ReportModel {
  const rows = record.series.map((series) => latencyRow(record, series))
  return {
    run: identityOf(record),
    outcome: verdict.outcome,
    exitCode: verdict.exitCode,
    headline: headline(record, verdict),
    explanation: verdict.explanation,
    endedEarly: endedEarly(record),
    thresholds: verdict.thresholds.toSorted((a, b) => urgency[a.verdict] - urgency[b.verdict]),
    judged: record.judged,
    rows,
    traffic: rows.find(({ metric, scope }) => metric === 'http.response_time' && scope === 'all'),
    endpoints: rowsOf(rows, 'http.response_time', 'endpoint'),
    journeys: rowsOf(rows, 'journey.duration', 'journey'),
    steps: rowsOf(rows, 'step.duration', 'step'),
    tags: rowsOf(rows, 'http.response_time', 'tag'),
    exchanges: rows
      .filter((row) => row.scope === 'endpoint' && socketSubject(row) !== undefined)
      .toSorted((a, b) => a.metric.localeCompare(b.metric) || b.total.count - a.total.count),
    deliveries: deliveryRows(record, rows),
    connections: connectionRows(record, rows),
    messages: record.messages.toSorted((a, b) => b.count - a.count || a.name.localeCompare(b.name)),
    shapes: record.shapes,
    totals: record.totals,
    checks: record.checks
      .map(checkRow)
      .toSorted((a, b) => (a.share ?? 0) - (b.share ?? 0) || a.name.localeCompare(b.name)),
    errors: errorRows(record, rows),
    faults: record.faults.toSorted((a, b) => b.count - a.count),
    slowest: record.exemplars
      .filter(({ reason }) => reason === 'slow')
      .toSorted((a, b) => b.total - a.total)
      .slice(0, SLOWEST),
    generator: generatorHealth(record, verdict),
    calibration: record.calibration,
    probes: summarizeProbes(record),
    findings: verdict.findings,
    machine: record.started.machine,
    notes: notesOf(record),
  }
}

const urgency = { missed: 0, 'no data': 1, 'not judged': 2, met: 3 } as const

function identityOf({ started, duration }: RunRecord): RunIdentity {
  const { name, file, source, profile, url, seed, scale, tags, shapes } = started.plan
  const isOnly = shapes.length === 1
  const load = shapes.map((shape) => (isOnly ? loadText(shape) : `${shape.name}: ${loadText(shape)}`))
  const { run: id, startedAt } = started
  return { id, plan: name, file, source, profile, url, startedAt, duration, seed, scale, tags, load }
}

function checkRow({ name, passed, failed, judged }: CheckTotals): CheckRow {
  const total = { passed, failed }
  const shown = judged.passed + judged.failed > 0 ? judged : total
  return { name, ...shown, share: share(shown.passed, shown.passed + shown.failed), total }
}

function errorRows(record: RunRecord, rows: readonly LatencyRow[]): ErrorRow[] {
  const totals = new Map(rowsOf(rows, 'http.response_time', 'endpoint').map((row) => [row.name, row.total.count]))
  return record.errors
    .toSorted((a, b) => b.count - a.count || a.code.localeCompare(b.code) || a.name.localeCompare(b.name))
    .map(({ code, name, count }) => ({
      code,
      name,
      count,
      share: share(count, totals.get(name) ?? 0),
      sample: record.exemplars.find(
        (one) => one.reason === 'failed' && one.code === code && (one.endpoint === name || one.journey === name),
      ),
    }))
}
