import { pino } from 'pino'
import { expect, it } from 'vitest'
import { type Alert, Alerts } from '../alerts/alerts.ts'
import { Performance, type PerformanceRow } from './performance.ts'
import { performanceAlerts } from './performance-alerts.ts'

it('makes a row of each minute, and keeps an hour', () => {
  let now = Date.parse('2026-01-10T12:00:00Z')
  const over: PerformanceRow[] = []
  const minutes = new Performance({ activeConnections: () => 45, onMinute: (row) => over.push(row), now: () => now })
  for (let count = 1; count <= 100; count += 1) minutes.request(count, count > 98 ? 500 : 404)
  minutes.command(2)
  minutes.command(4)
  minutes.failure()
  const [row] = minutes.rows()
  expect(row).toMatchObject({
    timestamp: '2026-01-10T12:00:00.000Z',
    requests: { total: 100, successful: 98, failed: 2, errorRate: 2 },
    latency: { mean: 50.5 },
    redis: { operations: 2, latency: 3, errors: 1 },
    system: { memory: expect.any(Number), cpu: expect.any(Number), activeConnections: 45 },
  })
  expect(row?.latency.p50).toBeCloseTo(50, -1)
  expect(row?.latency.p99).toBeCloseTo(99, -1)
  for (let count = 0; count < 100; count += 1) {
    now += 60_000
    minutes.turn()
  }
  expect(over).toHaveLength(100)
  const rows = minutes.rows()
  expect(rows).toHaveLength(60)
  expect(rows.at(-1)).toMatchObject({ timestamp: '2026-01-10T13:40:00.000Z', requests: { total: 0, errorRate: 0 } })
})

it('raises an alert when a limit is exceeded, and not again while it stays so', async () => {
  const sent: Alert[] = []
  const channel = {
    name: 'test',
    send: async (alerts: readonly Alert[]) => void sent.push(...alerts),
    close: () => undefined,
  }
  const alerts = new Alerts({ channels: [channel], log: pino({ level: 'silent' }) })
  const observe = performanceAlerts(alerts)
  const row = (p99: number, errorRate: number): PerformanceRow => ({
    timestamp: '',
    requests: { total: 1, successful: 1, failed: 0, errorRate },
    latency: { mean: 1, p50: 1, p95: 1, p99 },
    redis: { operations: 0, latency: 0, errors: 0 },
    system: { memory: 500, cpu: 80, activeConnections: 0 },
  })
  for (const [p99, errorRate] of [
    [1000, 1],
    [1001, 1],
    [2000, 2],
    [1, 2],
    [1001, 0],
  ] as const)
    observe(row(p99, errorRate))
  await alerts.close()
  expect(sent.map(({ title }) => title)).toEqual(['slow answers (p99)', 'high error rate', 'slow answers (p99)'])
  expect(sent[0]?.details).toEqual({ value: '1001 ms', limit: '1000 ms' })
})
