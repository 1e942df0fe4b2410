import { type Millis, millis } from '../../base/units.ts'
import type { ThresholdSpec, ThresholdSubject } from '../compiled.ts'
import { pathOf, show } from '../problem.ts'
import { parseLimit } from '../threshold/limit.ts'
import { bareMetric, parseMetric } from '../threshold/metric.ts'
import { deliveryPortions } from '../threshold/socket-metric.ts'
import { counters, parseSubject, probeNames, socketSubjects } from '../threshold/subject.ts'
import { checkFigures, type Figures } from './figure-limits.ts'
import { Reader } from './reader.ts'
import { didYouMean } from './suggest.ts'

/** Reads the thresholds of a plan or a profile; `figures` are those of its Prometheus probe. */
export function compileThresholds(reader: Reader, figures: Figures | undefined): readonly ThresholdSpec[] {
  const thresholds = reader.entries().flatMap(([subject, value]) => {
    const scope = parseSubject(subject)
    if (scope === undefined) {
      reader.note(
        subject,
        subject,
        "a subject: an endpoint, 'http', 'errors', 'step NAME', 'tag NAME:VALUE', 'delivery EVENT', 'ack EVENT' …",
      )
      return []
    }
    return compileSubject(reader, subject, scope, value)
  })
  checkFigures(reader, thresholds, figures)
  return thresholds
}

/** A profile's thresholds replace the plan's where subject and metric are the same. */
export function mergeThresholds(
  plan: readonly ThresholdSpec[],
  profile: readonly ThresholdSpec[],
): readonly ThresholdSpec[] {
  const same = (a: ThresholdSpec) => (b: ThresholdSpec) => a.subject === b.subject && a.metric === b.metric
  const replaced = plan.map((threshold) => profile.find(same(threshold)) ?? threshold)
  return [...replaced, ...profile.filter((threshold) => !plan.some(same(threshold)))]
}

function compileSubject(reader: Reader, subject: string, scope: ThresholdSubject, value: unknown): ThresholdSpec[] {
  const path = reader.at(subject)
  const bare = typeof value === 'string' || (typeof value === 'object' && value !== null && 'limit' in value)
  if (bare) {
    const metric = bareMetric(scope, textOf(value))
    if (metric === undefined) {
      reader.note(subject, textOf(value), 'an object of limits by metric', bareHint(subject, scope, textOf(value)))
      return []
    }
    return compileLimit(reader, { path, subject, scope, metric, value })
  }
  const metrics = new Reader(value, path, reader.problems, 'a limit, or an object of limits by metric')
  if (metrics.entries().length === 0) reader.note(subject, value, 'at least one limit')
  return metrics
    .entries()
    .flatMap(([metric, limit]) =>
      compileLimit(reader, { path: pathOf(path, metric), subject, scope, metric, value: limit }),
    )
}

const textOf = (value: unknown): string =>
  String(typeof value === 'object' && value !== null && 'limit' in value ? value.limit : value)

function bareHint(subject: string, scope: ThresholdSubject, limit: string): string {
  if (scope.kind === 'probe') return `name the figure: { cpu: '${limit}' }`
  const near =
    scope.kind === 'endpoint' ? didYouMean(subject, ['http', ...counters, ...probeNames, ...socketSubjects]) : undefined
  return near ?? `name the metric: { ${mainMetric(scope)}: '${limit}' }`
}

function mainMetric({ kind }: ThresholdSubject): string {
  if (kind === 'delivery') return 'lost'
  return kind === 'message' ? 'rate' : 'p95'
}

const metricWords = ['p50', 'p95', 'p99', 'min', 'mean', 'max', 'rate', 'count', 'errors', 'share']
const deliveryWords = [...metricWords.slice(0, 7), 'published', 'expected', ...deliveryPortions]

interface LimitSource {
  readonly path: string
  readonly subject: string
  readonly scope: ThresholdSubject
  readonly metric: string
  readonly value: unknown
}

function compileLimit(reader: Reader, { path, subject, scope, metric, value }: LimitSource): ThresholdSpec[] {
  const reading = parseMetric(metric, scope)
  if (typeof reading === 'string') {
    const hint = didYouMean(metric, scope.kind === 'delivery' ? deliveryWords : metricWords)
    const known =
      metric === 'avg' || metric === 'average'
        ? "did you mean 'mean'?"
        : metric === 'median'
          ? "did you mean 'p50'?"
          : hint
    reader.problems.push({
      path,
      got: show(metric),
      expected: reading,
      ...(known === undefined ? {} : { hint: known }),
    })
    return []
  }
  const { text, abortAfter } = unfold(reader, path, value)
  if (text === undefined) return []
  const result = parseLimit(text, reading.measure)
  if ('fault' in result) {
    const { at, ...rest } = result.fault
    // the quotes around the text move every column by one
    reader.problems.push({ path, got: show(text), at: at + 1, ...rest })
    return []
  }
  const { series, statistic } = reading
  return [{ subject, metric, limit: text, scope, series, statistic, ...result.limit, abortAfter }]
}

/** `{ limit, abort }` or the limit alone. */
function unfold(
  reader: Reader,
  path: string,
  value: unknown,
): { readonly text: string | undefined; readonly abortAfter: Millis | undefined } {
  if (typeof value === 'string') return { text: value, abortAfter: undefined }
  const expected = "a limit such as '< 300ms', or { limit: '< 300ms', abort: true }"
  if (typeof value !== 'object' || value === null) {
    const hint = typeof value === 'number' ? { hint: `a limit is a text: '< ${value}…'` } : {}
    reader.problems.push({ path, got: show(value), expected, ...hint })
    return { text: undefined, abortAfter: undefined }
  }
  const options = new Reader(value, path, reader.problems, expected)
  const text = options.needText('limit')
  const abort = options.raw('abort')
  let abortAfter: Millis | undefined
  if (abort === true) abortAfter = millis(0)
  else if (abort !== undefined && abort !== false) {
    const delayed = options.nested('abort', "true, false or { after: '10s' }")
    abortAfter = delayed.duration('after', millis(0))
    delayed.finish()
  }
  options.finish()
  return { text: text === '' ? undefined : text, abortAfter }
}
