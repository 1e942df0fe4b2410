import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { PostgresProbe } from '../../packages/plimsoll/src/probes/postgres/postgres-probe.ts'
import { type TemporaryPostgres, temporaryPostgres } from './temporary-postgres.ts'

let postgres: TemporaryPostgres
let admin: pg.Client

beforeAll(async () => {
  postgres = await temporaryPostgres()
  admin = await connect(postgres.url())
  await admin.query('create role limited login')
  await admin.query('create database plain')
  await admin.query('create extension pg_stat_statements')
})

afterAll(async () => {
  await admin?.end()
  await postgres?.stop()
})

async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url })
  client.on('error', () => {})
  await client.connect()
  return client
}

/** What a backend has counted reaches the shared statistics when it says so, or at the latest when it is idle. */
const flush = (client: pg.Client) => client.query('select pg_stat_force_next_flush()')

describe('PostgresProbe', () => {
  // First, on a server that has never seen its questions.
  it('leaves query times out of samples in which nothing was asked, its own questions included', async () => {
    const probe = new PostgresProbe({ url: postgres.url(), database: undefined })
    await probe.start()
    await probe.sample()
    await probe.sample()
    expect(Object.keys(await probe.sample())).not.toContain('query mean')
    await probe.stop()
  })

  it('counts sessions and what they are at, and not itself', async () => {
    const probe = new PostgresProbe({ url: postgres.url(), database: undefined })
    await probe.start()
    const [idle, waiting] = await Promise.all([connect(postgres.url()), connect(postgres.url())])
    await idle.query('begin')
    await idle.query('select pg_advisory_xact_lock(7)')
    const blocked = waiting.query('select pg_advisory_lock(7)')
    await expect.poll(async () => (await probe.sample())['waiting locks'], { timeout: 5000 }).toBe(1)
    expect(await probe.sample()).toMatchObject({ connections: 3, active: 1, 'idle in transaction': 1 })
    await idle.query('commit')
    await blocked
    await Promise.all([idle.end(), waiting.end(), probe.stop()])
  })

  it('gives rates of what the database did', async () => {
    const client = await connect(postgres.url())
    await client.query('create table if not exists numbers as select n from generate_series(1, 50000) as n')
    await flush(client)
    const probe = new PostgresProbe({ url: postgres.url(), database: undefined })
    await probe.start()
    const started = performance.now()
    for (let i = 0; i < 200; i++) await client.query('select count(*) from numbers where n = $1', [i])
    for (let i = 0; i < 20; i++) await client.query('select 1 / $1::int', [0]).catch(() => {})
    await client.query('insert into numbers select generate_series(1, 20000)')
    await flush(client)
    const values = await probe.sample()
    const seconds = (performance.now() - started) / 1000
    const total = (name: string) => (values[name] ?? Number.NaN) * seconds
    expect(total('commits')).toBeGreaterThan(195)
    expect(total('commits')).toBeLessThan(240)
    expect(total('rollbacks')).toBeCloseTo(20, -1)
    expect(total('rows returned')).toBeGreaterThan(200 * 50_000 * 0.9)
    expect(total('wal')).toBeGreaterThan(20_000 * 40)
    expect(total('queries')).toBeGreaterThan(195)
    expect(values['cache hit']).toBeGreaterThan(0.9)
    expect(values['database size']).toBeGreaterThan(1e6)
    expect(values).toMatchObject({ deadlocks: 0 })
    await Promise.all([client.end(), probe.stop()])
  })

  it("measures query times that hold up against the client's own", async () => {
    const client = await connect(postgres.url())
    const probe = new PostgresProbe({ url: postgres.url(), database: undefined })
    await probe.start()
    const times: number[] = []
    for (let i = 0; i < 100; i++) {
      const seconds = i % 10 === 0 ? 0.02 : 0.002
      const began = performance.now()
      await client.query('select pg_sleep($1)', [seconds])
      times.push(performance.now() - began)
    }
    const values = await probe.sample()
    const mean = times.reduce((sum, time) => sum + time, 0) / times.length
    expect(values['query mean']).toBeGreaterThan(3.8)
    expect(values['query mean']).toBeLessThan(mean)
    expect(values['query p95']).toBeGreaterThan(8)
    expect(values['query p95']).toBeLessThanOrEqual(Math.max(...times))
    expect(values['query max']).toBeGreaterThanOrEqual(20)
    expect(values['query max']).toBeLessThanOrEqual(Math.max(...times))
    await Promise.all([client.end(), probe.stop()])
  })

  it("sees the server's own processes when they run here and may be looked at", async () => {
    const probe = new PostgresProbe({ url: postgres.url(), database: undefined })
    await probe.start()
    const client = await connect(postgres.url())
    await client.query('select count(*) from generate_series(1, 3000000)')
    const values = await probe.sample()
    expect(values['cores']).toBeGreaterThan(0)
    expect(values['cpu']).toBeLessThanOrEqual(1.05)
    await Promise.all([client.end(), probe.stop()])
  })

  it('says what it cannot see of other roles, and leaves that out', async () => {
    const other = await connect(postgres.url())
    const probe = new PostgresProbe({ url: postgres.url('limited'), database: undefined })
    await probe.start()
    expect(probe.gaps.join()).toMatch(/role limited may not see.*GRANT pg_monitor TO limited/)
    const values = await probe.sample()
    expect(values['connections']).toBeGreaterThanOrEqual(1)
    expect(Object.keys(values)).not.toContain('active')
    await Promise.all([other.end(), probe.stop()])
  })

  it('watches a database without pg_stat_statements, and says how to get query times', async () => {
    const probe = new PostgresProbe({ url: postgres.url('postgres', 'plain'), database: undefined })
    await probe.start()
    expect(probe.gaps.join()).toMatch(/query times .* not known.*CREATE EXTENSION/)
    expect(await probe.sample()).toMatchObject({ connections: 0 })
    await probe.stop()
  })

  it('watches another database than the one it is connected to', async () => {
    const probe = new PostgresProbe({ url: postgres.url(), database: 'plain' })
    const client = await connect(postgres.url('postgres', 'plain'))
    await probe.start()
    expect(await probe.sample()).toMatchObject({ connections: 1 })
    await Promise.all([client.end(), probe.stop()])
  })

  it.each([
    ['', /no URL.*/],
    ['postgres://postgres:secret@127.0.0.1:1/x', /127\.0\.0\.1:1\/x: connection refused/],
    ['postgres://postgres:secret@nowhere.invalid/x', /nowhere\.invalid:5432\/x: the host is not known/],
  ])('says why %j cannot be watched, without its password', async (url, message) => {
    const error = await new PostgresProbe({ url, database: undefined }).start().catch((reason: unknown) => reason)
    expect(error).toMatchObject({ code: 'PROBE_FAILED', message: expect.stringMatching(message) })
    expect(String(error)).not.toContain('secret')
  })

  it('says when there is no such database or role', async () => {
    const start = (url: string, database?: string) => new PostgresProbe({ url, database }).start()
    await expect(start(postgres.url('postgres', 'missing'))).rejects.toThrow(/no such database/)
    await expect(start(postgres.url(), 'missing')).rejects.toThrow(/missing: there is no such database/)
    await expect(start(postgres.url('nobody'))).rejects.toThrow(/does not let this role in/)
  })
})

describe('PostgresProbe when the server goes away', () => {
  it('fails its samples with a sentence and can be started again', async () => {
    const doomed = await temporaryPostgres()
    const probe = new PostgresProbe({ url: doomed.url(), database: undefined })
    await probe.start()
    await probe.sample()
    await doomed.crash()
    await expect
      .poll(() => probe.sample().catch((error) => error.message), { timeout: 5000 })
      .toMatch(/cannot watch 127/)
    await expect(probe.start()).rejects.toThrow(/connection refused/)
    await probe.stop()
    await doomed.stop()
  })
})
