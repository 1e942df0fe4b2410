import { pino } from 'pino'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../src/embedded-postgres/embedded-postgres.ts'
import { type Instance, startInstance } from './support/instance.ts'
import { temporaryFolder, withClient } from './support/postgres.ts'

let folder: Awaited<ReturnType<typeof temporaryFolder>>
let postgres: EmbeddedPostgres
let harbor: Instance
beforeAll(async () => {
  folder = await temporaryFolder()
  postgres = await startEmbeddedPostgres(folder.folder, pino({ level: 'silent' }))
  await query("ALTER SYSTEM SET autovacuum_naptime = '1s'")
  await query('SELECT pg_reload_conf()')
  harbor = await startInstance(postgres.url)
})
afterAll(async () => {
  await harbor?.close()
  await postgres?.stop()
  await folder?.[Symbol.asyncDispose]()
})

const query = (text: string) =>
  withClient(postgres.url, async (client) => (await client.query<Record<string, number | boolean>>(text)).rows)

/** What a scrape tells of a table, by the end of the metric's name. */
async function told(table: string): Promise<Readonly<Record<string, number>>> {
  const text = await (await fetch(`${harbor.url}/metrics`)).text()
  const found = text.matchAll(/^database_table_(\w+)\{table="(\w+)"\} (\S+)$/gm)
  return Object.fromEntries([...found].flatMap(([, name, of, value]) => (of === table ? [[name, Number(value)]] : [])))
}

const vacuums = async () =>
  (await query("SELECT autovacuum_count::int AS count FROM pg_stat_user_tables WHERE relname = 'messages'"))[0]?.[
    'count'
  ]

/** In a room of its own. */
const write = (count: number) =>
  query(`INSERT INTO messages (room_id, seq, sender_id, content, encrypted)
    SELECT room, seq, room, 'x', true FROM gen_random_uuid() room, generate_series(1, ${count}) seq`)

it('keeps what is only added to vacuumed, frozen and counted, by small amounts, and tells when', async () => {
  await write(20_000)
  await vi.waitUntil(async () => (await vacuums()) === 1, { timeout: 20_000, interval: 100 })
  // More than a hundredth, and far less than the fifth that Postgres waits for by itself.
  await write(2_000)
  await vi.waitUntil(async () => (await vacuums()) === 2, { timeout: 20_000, interval: 100 })
  const [{ frozen } = {}] = await query(`SELECT age(relfrozenxid) < (SELECT max(age(xmin)) FROM messages) AS frozen
    FROM pg_class WHERE relname = 'messages'`)
  expect(frozen).toBe(true)

  await vi.waitUntil(async () => (await told('messages'))['live_rows'] === 22_000, { timeout: 20_000, interval: 500 })
  const messages = await told('messages')
  expect(messages).toMatchObject({ dead_rows: 0, changed_rows: expect.any(Number), size_bytes: expect.any(Number) })
  for (const name of ['last_vacuum_timestamp_seconds', 'last_analyze_timestamp_seconds'])
    expect(Math.abs(Date.now() / 1000 - (messages[name] ?? 0))).toBeLessThan(60)
})

it('tells of dead rows', async () => {
  await query('ALTER TABLE devices SET (autovacuum_enabled = false)')
  await query(`INSERT INTO devices (device_id, token_hash, device_name, os_version)
    SELECT n, sha256('x'), 'd', '1' FROM generate_series(1, 500) n`)
  await query("UPDATE devices SET device_name = 'e'")
  await vi.waitUntil(async () => (await told('devices'))['dead_rows'] === 500, { timeout: 20_000, interval: 500 })
  expect((await told('devices'))['last_vacuum_timestamp_seconds']).toBeUndefined()
})

it('goes without while Postgres is away', async () => {
  process.kill(postgres.pid(), 'SIGSTOP')
  try {
    expect((await fetch(`${harbor.url}/metrics`)).status).toBe(200)
  } finally {
    process.kill(postgres.pid(), 'SIGCONT')
  }
})
