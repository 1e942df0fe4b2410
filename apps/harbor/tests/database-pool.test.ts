import { pino } from 'pino'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openDatabase } from '../src/database/database.ts'
import { observeQueries } from '../src/database/slow-queries.ts'
import { createMetrics } from '../src/metrics/metrics.ts'
import { startTestPostgres, type TestPostgres } from './support/postgres.ts'

let postgres: TestPostgres
let url: string

beforeAll(async () => {
  postgres = await startTestPostgres()
  url = await postgres.database()
})
afterAll(() => postgres.stop())

function open(idleTimeout?: number) {
  const lines: string[] = []
  const log = pino({ base: null, timestamp: false }, { write: (line: string) => void lines.push(line) })
  const metrics = createMetrics()
  const database = openDatabase(url, {
    connections: 12,
    log,
    observe: observeQueries({ over: 100, log, metrics }),
    ...(idleTimeout !== undefined && { idleTimeout }),
  })
  return { database, lines, metrics, [Symbol.asyncDispose]: database.close }
}

it('answers 100 queries at once over a pool of 12, and none waits in vain', async () => {
  await using opened = open()
  const { pool, connections } = opened.database
  const all = Array.from({ length: 100 }, (_, index) =>
    pool.query<{ index: number }>('SELECT $1::int AS index, pg_sleep(0.005)', [index]),
  )
  const answers = (await Promise.all(all)).map(({ rows }) => rows[0]?.index)
  expect(answers).toEqual(Array.from({ length: 100 }, (_, index) => index))
  // One of the twelve is the writer's, whom nobody asked.
  expect(connections()).toEqual({ open: 11, active: 0, waiting: 0, most: 12 })
})

it('opens as many connections as are used, and lets go the idle ones', async () => {
  await using opened = open(20)
  const { pool, connections } = opened.database
  const allGone = () => new Promise<void>((resolve) => pool.on('remove', () => connections().open === 0 && resolve()))
  const use = async (count: number) => {
    const held = await Promise.all(Array.from({ length: count }, () => pool.connect()))
    const gone = allGone()
    const { open, active } = connections()
    for (const client of held) client.release()
    await gone
    return { open, active }
  }
  expect(await use(8)).toEqual({ open: 8, active: 8 })
  expect(await use(2)).toEqual({ open: 2, active: 2 })
  expect(connections()).toMatchObject({ open: 0, active: 0 })
})

it('logs a slow query by its name, its time and its rows, and never its values', async () => {
  await using opened = open()
  await opened.database.pool.query({
    name: 'slow',
    text: 'SELECT $1::text, pg_sleep(0.06) FROM generate_series(1, 3)',
    values: ['the secret of somebody'],
  })
  expect(opened.lines.map((line) => JSON.parse(line))).toEqual([
    { level: 40, statement: 'slow', duration_ms: expect.any(Number), rows: 3, msg: 'a slow query' },
  ])
  expect(opened.lines.join()).not.toContain('secret')
  expect(await opened.metrics.registry.metrics()).toContain('database_slow_queries_total{statement="slow"} 1')
})
