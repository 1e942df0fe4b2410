import type { ThresholdSubject } from '../compiled.ts'
import type { MetricReading } from './reading.ts'
import { deliveryMetric, messageMetric, reconnectMetric } from './socket-metric.ts'
import { parseStatistic } from './statistic.ts'

const httpSeries = ['response', 'service', 'connect', 'tls', 'blocked', 'wait', 'receive'] as const

/** Reads a metric's name; a text instead of a reading says what would have been right. */
export function parseMetric(metric: string, subject: ThresholdSubject): MetricReading | string {
  switch (subject.kind) {
    case 'probe':
      return probeMetric(metric)
    case 'counter':
      return counterMetric(metric, subject.name)
    case 'check':
      return metric === 'share' ? share : "share: the part that passed; or a bare limit such as '> 99%'"
    case 'step':
    case 'journey':
      return trafficMetric(metric, 'duration')
    case 'delivery':
      return deliveryMetric(metric)
    case 'timing':
      return trafficMetric(metric, subject.metric)
    case 'message':
      return messageMetric(metric)
    case 'reconnect':
      return reconnectMetric(metric)
    default:
      return trafficMetric(metric, 'response')
  }
}

const share: MetricReading = { series: '', statistic: { kind: 'share' }, measure: 'share' }

function trafficMetric(metric: string, series: string): MetricReading | string {
  if (metric === 'rate') return { series, statistic: { kind: 'rate' }, measure: 'rate' }
  if (metric === 'count') return { series, statistic: { kind: 'count' }, measure: 'count' }
  if (metric === 'errors') return { series, statistic: { kind: 'share' }, measure: 'share' }
  const words = metric.split(' ')
  const last = words.pop() ?? ''
  const named = words.join(' ')
  const statistic = parseStatistic(last)
  const names = series === 'response' ? httpSeries.join(', ') : ''
  const wanted = `p50, p95, p99.9 …, min, mean, max, rate, count or errors${names === '' ? '' : `; times also with ${names} before them, as in 'service p95'`}`
  if (statistic === undefined) return wanted
  if (named === '') return { series, statistic, measure: 'time' }
  const known = series === 'response' && httpSeries.some((name) => name === named)
  return known ? { series: named, statistic, measure: 'time' } : wanted
}

function counterMetric(metric: string, counter: string): MetricReading | string {
  const size = counter === 'bytes'
  if (metric === 'rate') return { series: '', statistic: { kind: 'rate' }, measure: size ? 'bytes' : 'rate' }
  if (metric === 'count') return { series: '', statistic: { kind: 'count' }, measure: size ? 'bytes' : 'count' }
  const shared = counter === 'errors' || counter === 'dropped' || counter === 'checks'
  if (metric === 'share' && shared) return share
  return shared ? 'share, rate or count' : 'rate or count'
}

/** Probes name their own figures; a last word such as `p95` or `max` says what of them. */
function probeMetric(metric: string): MetricReading | string {
  const words = metric.trim().split(/\s+/)
  const statistic = words.length > 1 ? parseStatistic(words.at(-1) ?? '') : undefined
  if (statistic !== undefined) return { series: words.slice(0, -1).join(' '), statistic, measure: 'any' }
  return words[0] === ''
    ? 'the name of a figure, such as cpu'
    : { series: words.join(' '), statistic: { kind: 'value' }, measure: 'any' }
}

/** What a limit without a metric is about, for subjects that have one main figure. */
export function bareMetric(subject: ThresholdSubject, limit: string): string | undefined {
  if (subject.kind === 'check') return 'share'
  if (subject.kind !== 'counter') return undefined
  if (/\/(s|min|h)\s*$/.test(limit)) return 'rate'
  switch (subject.name) {
    case 'errors':
    case 'checks':
      return 'share'
    case 'dropped':
      return /%\s*$/.test(limit) ? 'share' : 'count'
    default:
      return 'count'
  }
}
