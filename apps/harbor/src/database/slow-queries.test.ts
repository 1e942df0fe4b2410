import { pino } from 'pino'
import { expect, it } from 'vitest'
import { createMetrics } from '../metrics/metrics.ts'
import { observeQueries } from './slow-queries.ts'

it('tells and counts what took longer than the bound, and only that', async () => {
  const lines: string[] = []
  const log = pino({ base: null, timestamp: false }, { write: (line: string) => void lines.push(line) })
  const metrics = createMetrics()
  const observe = observeQueries({ over: 100, log, metrics })
  observe('rooms-page', 0.1, 50)
  observe('messages-page', 0.2504, 51)
  observe('messages-page', 5, undefined)
  expect(lines.map((line) => JSON.parse(line))).toEqual([
    { level: 40, statement: 'messages-page', duration_ms: 250, rows: 51, msg: 'a slow query' },
    { level: 40, statement: 'messages-page', duration_ms: 5000, msg: 'a slow query' },
  ])
  expect(metrics.statements()).toBe(3)
  expect(await metrics.registry.metrics()).toContain('database_slow_queries_total{statement="messages-page"} 2')
})
