import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Instance, startInstance } from './support/instance.ts'
import { type People, people } from './support/people.ts'
import { startTestPostgres, type TestPostgres } from './support/postgres.ts'

let postgres: TestPostgres
let harbor: Instance
let ask: People
let token: string

beforeAll(async () => {
  postgres = await startTestPostgres()
  harbor = await startInstance(await postgres.database())
  ask = people(harbor)
  token = (await ask.register('admin')).body.token
})

afterAll(async () => {
  await harbor?.close()
  await postgres?.stop()
})

const scrape = async () => {
  const answer = await fetch(`${harbor.url}/metrics`)
  expect(answer.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/)
  return answer.text()
}
const sample = (text: string, series: string) =>
  Number(
    text
      .split('\n')
      .find((line) => line.startsWith(`${series} `))
      ?.slice(series.length),
  )

it('has metrics under the names of the contract, by the pattern of a route and not by its path', async () => {
  await ask.get('/api/users', token)
  for (const path of ['/secret-1', '/secret-2']) await ask.get(path)
  const text = await scrape()
  for (const name of [
    'http_request_duration_seconds_bucket',
    'http_requests_total',
    'websocket_active_connections',
    'message_delivery_time_ms_bucket',
    'database_query_duration_seconds_bucket',
    'db_active_connections',
    'process_cpu_seconds_total',
    'nodejs_eventloop_lag_p99_seconds',
    'nodejs_heap_size_used_bytes',
  ]) {
    expect(text).toMatch(new RegExp(`^${name}[ {]`, 'm'))
  }
  expect(text).toMatch(/^# TYPE cache_hits_total counter/m)
  expect(text).toMatch(/^# TYPE cache_misses_total counter/m)
  expect(sample(text, 'http_requests_total{method="GET",route="/api/users",status_code="200"}')).toBe(1)
  expect(sample(text, 'http_requests_total{method="GET",route="none",status_code="404"}')).toBe(2)
  expect(sample(text, 'database_query_duration_seconds_count{statement="user-register"}')).toBe(1)
  expect(text).not.toContain('secret-')
})

it('has a row for each minute of the last hour, for admins', async () => {
  const { status, body } = await ask.get<{ metrics: unknown[] }>('/api/admin/performance/metrics', token)
  expect(status).toBe(200)
  const number = expect.any(Number)
  expect(body.metrics).toEqual([
    {
      timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      requests: { total: number, successful: number, failed: 0, errorRate: 0 },
      latency: { mean: number, p50: number, p95: number, p99: number },
      redis: { operations: 0, latency: 0, errors: 0 },
      system: { memory: number, cpu: number, activeConnections: number },
    },
  ])
  expect((await ask.get('/api/admin/performance/metrics')).status).toBe(401)
})

it('says how it and its database are', async () => {
  expect(await ask.get('/api/health')).toMatchObject({
    status: 200,
    body: { status: 'ok', uptime: expect.any(Number) },
  })
  expect(await ask.get('/api/health/db')).toMatchObject({
    status: 200,
    body: { status: 'ok', latency: expect.any(Number), connections: { most: 5, waiting: 0 } },
  })
})

it('is ready when Postgres, its migrations and Redis are', async () => {
  expect(await ask.get('/health/ready')).toMatchObject({
    status: 200,
    body: { status: 'ready', checks: { postgres: 'ok', migrations: 'ok', redis: 'ok' } },
  })
})
