import { describe, expect, test } from 'vitest'
import type { ThresholdSubject } from '../compiled.ts'
import { bareMetric, parseMetric } from './metric.ts'
import { parseQuantile } from './statistic.ts'
import { parseSubject } from './subject.ts'

const subject = (text: string): ThresholdSubject => {
  const found = parseSubject(text)
  if (found === undefined) throw new Error(text)
  return found
}

describe('parseQuantile', () => {
  test.each([
    ['p50', 0.5],
    ['p5', 0.05],
    ['p95', 0.95],
    ['p99.9', 0.999],
    ['p99.99', 0.9999],
    ['p999', 0.999],
    ['p9999', 0.9999],
    ['p2.5', 0.025],
    ['p0', undefined],
    ['p100', undefined],
    ['p500', undefined],
    ['p', undefined],
    ['p95x', undefined],
    ['95', undefined],
  ])('%s is %s', (word, q) => {
    expect(parseQuantile(word)).toBe(q)
  })
})

test.each([
  ['http', { kind: 'all' }],
  ['errors', { kind: 'counter', name: 'errors' }],
  ['dropped', { kind: 'counter', name: 'dropped' }],
  ['postgres', { kind: 'probe', name: 'postgres' }],
  ['POST /lock-proof', { kind: 'endpoint', name: 'POST /lock-proof' }],
  ['Send message', { kind: 'endpoint', name: 'Send message' }],
  ['stepping stone', { kind: 'endpoint', name: 'stepping stone' }],
  ['step log in', { kind: 'step', name: 'log in' }],
  ['journey lock a proof', { kind: 'journey', name: 'lock a proof' }],
  ['check is locked', { kind: 'check', name: 'is locked' }],
  ['tag plan:gold: yes', { kind: 'tag', name: 'plan', value: 'gold: yes' }],
  ['delivery message', { kind: 'delivery', name: 'message' }],
  ['ws connect', { kind: 'timing', metric: 'ws.connect_time', name: '' }],
  ['ws connect /ws', { kind: 'timing', metric: 'ws.connect_time', name: '/ws' }],
  ['socketio connect', { kind: 'timing', metric: 'socketio.connect_time', name: '' }],
  ['sse connect /events', { kind: 'timing', metric: 'sse.connect_time', name: '/events' }],
  ['ack', { kind: 'timing', metric: 'socketio.ack_time', name: '' }],
  ['ack message:send', { kind: 'timing', metric: 'socketio.ack_time', name: 'message:send' }],
  ['ws ping', { kind: 'timing', metric: 'ws.round_trip', name: 'ping' }],
  ['ws request sync', { kind: 'timing', metric: 'ws.round_trip', name: 'sync' }],
  ['wait a turn', { kind: 'timing', metric: 'push.wait_time', name: 'a turn' }],
  ['message cursor', { kind: 'message', direction: 'in', name: 'cursor' }],
  ['message out cursor', { kind: 'message', direction: 'out', name: 'cursor' }],
  ['reconnect', { kind: 'reconnect' }],
  ['reconnection', { kind: 'endpoint', name: 'reconnection' }],
  ['ws', { kind: 'endpoint', name: 'ws' }],
  ['delivery', undefined],
  ['message', undefined],
  ['ws request', undefined],
  ['wait', undefined],
  ['step', undefined],
  ['tag plan', undefined],
  ['tag :x', undefined],
  [' ', undefined],
])('the subject %s', (text, expected) => {
  expect(parseSubject(text)).toEqual(expected)
})

describe('parseMetric', () => {
  test.each([
    ['http', 'p95', { series: 'response', statistic: { kind: 'quantile', q: 0.95 }, measure: 'time' }],
    ['GET /', 'service p99.9', { series: 'service', statistic: { kind: 'quantile', q: 0.999 }, measure: 'time' }],
    ['tag a:b', 'connect max', { series: 'connect', statistic: { kind: 'max' }, measure: 'time' }],
    ['GET /', 'rate', { series: 'response', statistic: { kind: 'rate' }, measure: 'rate' }],
    ['GET /', 'count', { series: 'response', statistic: { kind: 'count' }, measure: 'count' }],
    ['GET /', 'errors', { series: 'response', statistic: { kind: 'share' }, measure: 'share' }],
    ['step a', 'mean', { series: 'duration', statistic: { kind: 'mean' }, measure: 'time' }],
    ['journey a', 'p50', { series: 'duration', statistic: { kind: 'quantile', q: 0.5 }, measure: 'time' }],
    ['check a', 'share', { series: '', statistic: { kind: 'share' }, measure: 'share' }],
    ['errors', 'share', { series: '', statistic: { kind: 'share' }, measure: 'share' }],
    ['iterations', 'rate', { series: '', statistic: { kind: 'rate' }, measure: 'rate' }],
    ['bytes', 'rate', { series: '', statistic: { kind: 'rate' }, measure: 'bytes' }],
    ['delivery m', 'p95', { series: 'delivery.latency', statistic: { kind: 'quantile', q: 0.95 }, measure: 'time' }],
    ['delivery m', 'late max', { series: 'delivery.late_latency', statistic: { kind: 'max' }, measure: 'time' }],
    ['delivery m', 'last mean', { series: 'delivery.last_receiver', statistic: { kind: 'mean' }, measure: 'time' }],
    [
      'delivery m',
      'receiver mean max',
      { series: 'delivery.receiver_mean', statistic: { kind: 'max' }, measure: 'time' },
    ],
    [
      'delivery m',
      'receiver max min',
      { series: 'delivery.receiver_max', statistic: { kind: 'min' }, measure: 'time' },
    ],
    ['delivery m', 'rate', { series: 'delivery.latency', statistic: { kind: 'rate' }, measure: 'rate' }],
    ['delivery m', 'late', { series: 'late', statistic: { kind: 'value' }, measure: 'portion' }],
    ['delivery m', 'out_of_order', { series: 'out of order', statistic: { kind: 'value' }, measure: 'portion' }],
    ['delivery m', 'expected', { series: 'expected', statistic: { kind: 'value' }, measure: 'count' }],
    ['ack a', 'p50', { series: 'socketio.ack_time', statistic: { kind: 'quantile', q: 0.5 }, measure: 'time' }],
    ['ws connect', 'errors', { series: 'ws.connect_time', statistic: { kind: 'share' }, measure: 'share' }],
    ['message a', 'bytes', { series: 'bytes', statistic: { kind: 'value' }, measure: 'bytes' }],
    ['reconnect', 'p95', { series: 'reconnect.time', statistic: { kind: 'quantile', q: 0.95 }, measure: 'time' }],
    ['reconnect', 'never', { series: 'never', statistic: { kind: 'value' }, measure: 'portion' }],
    ['process', 'cpu', { series: 'cpu', statistic: { kind: 'value' }, measure: 'any' }],
    ['postgres', 'query p95', { series: 'query', statistic: { kind: 'quantile', q: 0.95 }, measure: 'any' }],
    ['process', 'cpu max', { series: 'cpu', statistic: { kind: 'max' }, measure: 'any' }],
  ])('%s %s', (text, metric, expected) => {
    expect(parseMetric(metric, subject(text))).toEqual(expected)
  })

  test.each([
    ['http', 'p95x', 'service'],
    ['http', 'server p95', "as in 'service p95'"],
    ['step a', 'service p95', 'p50, p95'],
    ['errors', 'p95', 'share, rate or count'],
    ['iterations', 'share', 'rate or count'],
    ['check a', 'rate', 'share'],
    ['delivery m', 'errors', 'lost, duplicated, out of order'],
    ['delivery m', 'receiver p95', 'receiver mean'],
    ['ack a', 'service p95', 'p50, p95'],
    ['message a', 'p95', 'rate, count or bytes'],
    ['reconnect', 'lost', 'never or recovered'],
    ['process', ' ', 'the name of a figure'],
  ])('%s has no %s', (text, metric, expected) => {
    expect(parseMetric(metric, subject(text))).toContain(expected)
  })
})

test.each([
  ['errors', '< 1%', 'share'],
  ['errors', '< 5/s', 'rate'],
  ['checks', '> 99%', 'share'],
  ['check a', '= 100%', 'share'],
  ['dropped', '= 0', 'count'],
  ['dropped', '< 1%', 'share'],
  ['iterations', '> 100/s', 'rate'],
  ['iterations', '> 1000', 'count'],
  ['bytes', '< 1GB', 'count'],
  ['bytes', '< 1MB/s', 'rate'],
  ['GET /', '< 1s', undefined],
  ['process', '< 80%', undefined],
])('%s with the bare limit %s is about its %s', (text, limit, metric) => {
  expect(bareMetric(subject(text), limit)).toBe(metric)
})
