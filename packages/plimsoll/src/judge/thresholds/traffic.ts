import { nearestNames } from '../../base/nearest-names.ts'
import { type Micros, millis, rateOf, share, toMillis } from '../../base/units.ts'
import { batchesOf } from '../../measure/batches.ts'
import { Histogram } from '../../measure/histogram.ts'
import { FEWEST_BEYOND, isLowerBound, isRough } from '../../measure/quantile-doubt.ts'
import { estimateQuantile, type QuantileEstimate } from '../../measure/quantile-interval.ts'
import { minimumSamples } from '../../measure/sample-size.ts'
import type { ThresholdSpec } from '../../plan/compiled.ts'
import { judgedDuration, judgedPoints } from '../../record/judged-points.ts'
import type { Distribution, RunRecord, SeriesRecord } from '../../record/run-record.ts'
import { absentDelivery } from './deliveries.ts'
import { grouped, nothing, type Reading } from './reading.ts'

/** Where in the record a threshold on traffic looks. */
export interface SeriesAddress {
  readonly metric: string
  readonly scope: SeriesRecord['scope']
  readonly name: string
}

/** The series of a threshold on traffic; undefined for counters, checks and probes. */
export function seriesAddress({ scope, series }: Pick<ThresholdSpec, 'scope' | 'series'>): SeriesAddress | undefined {
  switch (scope.kind) {
    case 'all':
      return { metric: httpMetric(series), scope: 'all', name: '' }
    case 'endpoint':
      return { metric: httpMetric(series), scope: 'endpoint', name: scope.name }
    case 'tag':
      return { metric: httpMetric(series), scope: 'tag', name: `${scope.name}:${scope.value}` }
    case 'step':
      return { metric: 'step.duration', scope: 'step', name: scope.name }
    case 'journey':
      return { metric: 'journey.duration', scope: 'journey', name: scope.name }
    case 'timing':
      return { metric: scope.metric, scope: scope.name === '' ? 'all' : 'endpoint', name: scope.name }
    case 'delivery':
      return series.includes('.') ? { metric: series, scope: 'endpoint', name: scope.name } : undefined
    case 'reconnect':
      return series.includes('.') ? { metric: series, scope: 'all', name: '' } : undefined
    default:
      return undefined
  }
}

/** `service` is `http.service_time`; a name with a dot is a metric's own. */
const httpMetric = (series: string): string => (series.includes('.') ? series : `http.${series}_time`)

export function readTraffic(
  record: RunRecord,
  spec: ThresholdSpec,
  address: SeriesAddress,
  withInterval: boolean,
): Reading {
  const series = record.series.find(
    (one) => one.metric === address.metric && one.scope === address.scope && one.name === address.name,
  )
  if (series === undefined) return nothing(absent(record, address))
  const { judged, whole } = series
  if (judged.count === 0) {
    return nothing(`its ${grouped(whole.count)} samples all lie outside the judged part (${record.judged.window})`)
  }
  const { statistic } = spec
  const samples = judged.count
  switch (statistic.kind) {
    case 'quantile':
      return withInterval ? readQuantile(record, series, statistic.q) : plainQuantile(judged, statistic.q)
    case 'rate':
      return { found: true, actual: rateOf(samples, judgedDuration(record, series.metric)), samples }
    case 'count':
      return { found: true, actual: samples, samples }
    case 'share':
      return { found: true, actual: share(judged.failed, samples) ?? 0, samples }
    default:
      return { found: true, ...figure(judged, statistic.kind), samples }
  }
}

function figure({ histogram, censored }: Distribution, kind: 'min' | 'mean' | 'max' | 'value') {
  if (kind === 'min') return { actual: inMillis(histogram.min) }
  const actual = inMillis(kind === 'max' ? histogram.max : (histogram.mean ?? 0))
  return { actual, atLeast: censored > 0 }
}

function plainQuantile({ histogram, count, censored }: Distribution, q: number): Reading {
  const value = histogram.quantile(q)
  if (value === undefined) return nothing('there are no samples')
  return {
    found: true,
    actual: toMillis(value),
    atLeast: isLowerBound(q, count, censored),
    isRough: isRough(q, count),
    samples: count,
  }
}

function readQuantile(record: RunRecord, series: SeriesRecord, q: number): Reading {
  const plain = plainQuantile(series.judged, q)
  const estimate = estimateJudged(record, series, q)
  if (!plain.found || estimate === undefined) return plain
  const { interval } = estimate
  return {
    ...plain,
    interval: interval === undefined ? undefined : [toMillis(interval[0]), toMillis(interval[1])],
    note: fewSamples(estimate),
  }
}

/**
 * A judged quantile with its interval, from the batches of the judged part. What was under way at its end belongs to the
 * last batch that has samples: it began there or before, and batches of equal time leave no room for one of its own.
 */
export function estimateJudged(record: RunRecord, series: SeriesRecord, q: number): QuantileEstimate | undefined {
  let batches = batchesOfSeries.get(series)
  if (batches === undefined) {
    const windows = judgedPoints(record, series.metric).flatMap(({ index, point }) => {
      const histogram = series.points[index]?.histogram
      return histogram === undefined ? [] : [{ from: point.from, to: point.to, histogram }]
    })
    const { drained } = series
    if (drained.count > 0) {
      const last = windows.pop() ?? { from: millis(0), to: millis(0), histogram: new Histogram() }
      const histogram = last.histogram.clone()
      histogram.add(drained.histogram)
      windows.push({ ...last, histogram })
    }
    batches = batchesOf(windows)
    batchesOfSeries.set(series, batches)
  }
  return estimateQuantile(batches, q)
}

/**
 * Making batches decodes every point of a series, and several percentiles and rule V4 ask for the same ones. A record
 * asked for anew brings series objects of its own.
 */
const batchesOfSeries = new WeakMap<SeriesRecord, readonly Histogram[]>()

function fewSamples({ q, count, effectiveCount }: QuantileEstimate): string | undefined {
  const least = minimumSamples(q)
  const name = `p${Number((q * 100).toPrecision(12))}`
  if (count < least) return `only ${grouped(count)} samples: an interval of ${name} needs ${grouped(least)}`
  if (effectiveCount === undefined) {
    return isRough(q, count) ? `fewer than ten of ${grouped(count)} samples lie beyond ${name}` : undefined
  }
  if (effectiveCount * (1 - q) >= FEWEST_BEYOND) return undefined
  const worth = grouped(Math.round(effectiveCount))
  return `few samples for ${name}: ${grouped(count)} that are worth ${worth} independent ones`
}

/** What of one metric has names; everything of HTTP is a request. */
const nouns: Readonly<Record<string, string>> = {
  'ws.connect_time': 'WebSocket',
  'socketio.connect_time': 'Socket.IO connection',
  'sse.connect_time': 'event stream',
  'socketio.ack_time': 'event that was acknowledged',
  'ws.round_trip': 'request over a WebSocket',
  'push.wait_time': 'wait',
}

function absent(record: RunRecord, { metric, scope, name }: SeriesAddress): string {
  if (metric.startsWith('delivery.')) return absentDelivery(record, name)
  if (metric === 'reconnect.time') return 'no connection was lost that was to come back'
  if (scope === 'all') return `nothing was recorded as ${metric}`
  const family = metric.startsWith('http.') ? 'http.' : metric
  const alike = record.series.filter((one) => one.scope === scope && one.metric.startsWith(family))
  const names = [...new Set(alike.map((one) => one.name))]
  if (names.includes(name)) return `${scope} "${name}" has no ${metric}`
  const noun = nouns[metric] ?? (scope === 'endpoint' ? 'request' : scope)
  const closed = record.overflowed.includes(scope)
    ? '; there were too many names, so that later ones were summed up as "other"'
    : ''
  return `no ${noun} was named "${name}"; ${nearestNames(name, names)}${closed}`
}

const inMillis = (value: number): number => toMillis(value as Micros)
