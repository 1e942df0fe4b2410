import type { DeliveryCounts } from '../../measure/deliveries/types.ts'
import type { DeliveryRow } from '../delivery-rows.ts'
import type { Figure, LatencyRow, Quantiles } from '../latency-row.ts'
import type { ReportModel } from '../model.ts'
import type { ProbeSummary } from '../probe-summary.ts'

export const SCHEMA_VERSION = 1
/** Those with the most trouble. */
const MOST_ROOMS = 50

/**
 * `result.json`, as result.schema.json describes it: names may be added, never changed. Times are milliseconds. Metrics,
 * checks and thresholds are of the judged part, with the whole run's counts in `total`; counters, errors, connections
 * and the counts of deliveries are of the whole run. What was not measured is null.
 */
export function resultOf(model: ReportModel) {
  const { run, generator, totals } = model
  return {
    schemaVersion: SCHEMA_VERSION,
    run: run.id,
    plan: run.plan,
    profile: run.profile,
    url: run.url,
    startedAt: run.startedAt,
    durationMs: round(run.duration),
    judged: { window: model.judged.window, durationMs: round(model.judged.duration) },
    verdict: model.outcome,
    exitCode: model.exitCode,
    headline: model.headline,
    explanation: model.explanation ?? null,
    endedEarly: model.endedEarly ?? null,
    metrics: model.rows.map(metricOf),
    counters: {
      iterations: totals.iterations,
      scheduled: totals.scheduled,
      started: totals.started,
      dropped: totals.dropped,
      iterations_failed: totals.failedIterations,
      iterations_aborted: totals.abortedIterations,
      requests: totals.requests,
      requests_failed: totals.failedRequests,
      checks_passed: totals.checksPassed,
      checks_failed: totals.checksFailed,
      bytes_sent: totals.bytesSent,
      bytes_received: totals.bytesReceived,
    },
    shapes: model.shapes,
    deliveries: model.deliveries.map(deliveryOf),
    connections: model.connections.protocols,
    messages: model.messages,
    thresholds: model.thresholds.map((threshold) => ({
      subject: threshold.subject,
      metric: threshold.metric,
      limit: threshold.limit,
      scaledLimit: threshold.scaledLimit ?? null,
      actual: threshold.actual ?? null,
      unit: threshold.unit,
      verdict: threshold.verdict,
      atLeast: threshold.atLeast,
      rough: threshold.isRough,
      interval: threshold.interval ?? null,
      samples: threshold.samples,
      note: threshold.note ?? null,
    })),
    checks: model.checks.map(({ name, passed, failed, total }) => ({ name, passed, failed, total })),
    errors: model.errors.map(({ code, name, count }) => ({ code, name, count })),
    faults: model.faults.map(({ kind, journey, message, count }) => ({ kind, journey, message, count })),
    generator: {
      valid: generator.state !== 'invalid',
      state: generator.state,
      reasons: generator.flags.map(({ id, reason }) => `${id}: ${reason}`),
      flags: generator.flags,
      workers: generator.workers,
      eventLoopDelayP99Ms: orNull(generator.loopDelayP99),
      eventLoopDelayMaxMs: orNull(generator.loopDelayMax),
      lateStartsP99Ms: orNull(generator.lateStartsP99),
      receiveWaitP99Ms: orNull(generator.receiveWaitP99),
      utilization: orNull(generator.utilization),
      cpu: orNull(generator.cpu),
      peakRssBytes: generator.peakRss ?? null,
    },
    probes: { process: {}, postgres: {}, redis: {}, ...Object.fromEntries(model.probes.map(probeOf)) },
    findings: model.findings,
    notes: model.notes,
    machine: model.machine,
  }
}

export const renderResult = (model: ReportModel): string => `${JSON.stringify(resultOf(model), undefined, 2)}\n`

function metricOf(row: LatencyRow) {
  return {
    name: row.metric,
    unit: 'ms',
    ...(row.scope === 'all' ? {} : { [row.scope]: row.name }),
    count: row.count,
    failed: row.failed,
    rate: round(row.rate),
    min: orNull(row.min),
    mean: orNull(row.mean),
    ...quantilesOf(row.quantiles),
    max: orNull(row.max),
    rough: namesOf(row.quantiles, ({ isRough }) => isRough),
    atLeast: namesOf(row.quantiles, ({ atLeast }) => atLeast),
    ...(row.succeeded === undefined ? {} : { succeeded: succeededOf(row.succeeded) }),
    censored: row.censored,
    window: row.window,
    total: row.total,
  }
}

const quantilesOf = ({ p50, p90, p95, p99, p999 }: Quantiles) => ({
  p50: quantileOf(p50),
  p90: quantileOf(p90),
  p95: quantileOf(p95),
  p99: quantileOf(p99),
  p999: quantileOf(p999),
})

const namesOf = (quantiles: Quantiles, has: (figure: Figure) => boolean): string[] =>
  Object.entries(quantiles).flatMap(([name, figure]) => (figure !== undefined && has(figure) ? [name] : []))

const succeededOf = ({ count, quantiles }: NonNullable<LatencyRow['succeeded']>) => ({
  count,
  ...quantilesOf(quantiles),
  rough: namesOf(quantiles, ({ isRough }) => isRough),
  atLeast: namesOf(quantiles, ({ atLeast }) => atLeast),
})

function deliveryOf({ latency, rooms, grace, ...row }: DeliveryRow) {
  const { p50, p95, p99 } = latency?.quantiles ?? {}
  return {
    ...fates(row),
    p50: quantileOf(p50),
    p95: quantileOf(p95),
    p99: quantileOf(p99),
    max: orNull(latency?.max),
    grace_ms: round(grace),
    rooms: rooms.slice(0, MOST_ROOMS).map((one) => ({ room: one.room, ...fates(one) })),
  }
}

/** As in the plan's thresholds; `event` stands in rooms too, so that each row can be read by itself. */
const fates = (one: Omit<DeliveryCounts, 'room'>) => ({
  event: one.event,
  published: one.published,
  expected: one.expected,
  received: one.received,
  late: one.late,
  lost: one.lost,
  duplicated: one.duplicated,
  out_of_order: one.outOfOrder,
  foreign: one.foreign,
  uncertain: one.uncertain,
  unexpected: one.unexpected,
  settled_early: one.settledEarly,
})

const quantileOf = (figure: Figure | undefined): number | null => orNull(figure?.value)

function probeOf({ probe, values, trouble }: ProbeSummary) {
  const figures = values.map(({ name, unit, mean, min, max, last, samples }) => {
    return [name, { unit, mean: round(mean), min: round(min), max: round(max), last: round(last), samples }] as const
  })
  return [probe, { ...Object.fromEntries(figures), ...(trouble.length > 0 ? { trouble } : {}) }] as const
}

const orNull = (value: number | undefined): number | null => (value === undefined ? null : round(value))

/** Nothing here is known more exactly; the rest is what division leaves. */
const round = (value: number): number => Math.round(value * 1e6) / 1e6
