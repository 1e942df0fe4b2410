import type { ThresholdSpec } from '../compiled.ts'
import type { MetricReading } from './reading.ts'
import { parseStatistic } from './statistic.ts'

type Statistic = ThresholdSpec['statistic']

const value: Statistic = { kind: 'value' }

/** Times of a delivery, by the words before the statistic. */
const deliveryTimes: Readonly<Record<string, string>> = {
  '': 'delivery.latency',
  late: 'delivery.late_latency',
  last: 'delivery.last_receiver',
  'receiver mean': 'delivery.receiver_mean',
  'receiver max': 'delivery.receiver_max',
}

/** Counts that a limit may also hold as shares. */
export const deliveryPortions = [
  'received',
  'late',
  'lost',
  'duplicated',
  'out of order',
  'out_of_order',
  'foreign',
  'uncertain',
  'unexpected',
] as const

/** Of one kind of message: when it came, and what became of it. */
export function deliveryMetric(metric: string): MetricReading | string {
  if (metric === 'rate') return { series: 'delivery.latency', statistic: { kind: 'rate' }, measure: 'rate' }
  if (metric === 'published' || metric === 'expected') return { series: metric, statistic: value, measure: 'count' }
  if (deliveryPortions.some((name) => name === metric)) {
    return { series: metric.replaceAll('_', ' '), statistic: value, measure: 'portion' }
  }
  const words = metric.split(' ')
  const statistic = parseStatistic(words.pop() ?? '')
  const before = words.join(' ')
  if (statistic === undefined || !Object.hasOwn(deliveryTimes, before)) return deliveryWords
  return { series: deliveryTimes[before] ?? '', statistic, measure: 'time' }
}

const deliveryWords =
  "p50, p95, p99.9 …, min, mean or max, also after late, last, receiver mean and receiver max, as in 'last p95'; rate; or published, expected, received, late, lost, duplicated, out of order, foreign, uncertain, unexpected"

/** Of messages over sockets, by the name of their event. */
export function messageMetric(metric: string): MetricReading | string {
  switch (metric) {
    case 'rate':
      return { series: '', statistic: { kind: 'rate' }, measure: 'rate' }
    case 'count':
      return { series: '', statistic: { kind: 'count' }, measure: 'count' }
    case 'bytes':
      return { series: 'bytes', statistic: value, measure: 'bytes' }
    default:
      return 'rate, count or bytes'
  }
}

/** Of coming back after a connection was lost. */
export function reconnectMetric(metric: string): MetricReading | string {
  const series = 'reconnect.time'
  if (metric === 'rate') return { series, statistic: { kind: 'rate' }, measure: 'rate' }
  if (metric === 'count') return { series, statistic: { kind: 'count' }, measure: 'count' }
  if (metric === 'never' || metric === 'recovered') return { series: metric, statistic: value, measure: 'portion' }
  const statistic = parseStatistic(metric)
  if (statistic !== undefined) return { series, statistic, measure: 'time' }
  return 'p50, p95, p99.9 …, min, mean, max, rate, count, never or recovered'
}
