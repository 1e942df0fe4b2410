import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { migrateDown, migrateUp, migrationStates } from '../src/database/migrations.ts'
import { migrations, startInstance } from './support/instance.ts'
import { startTestPostgres, type TestPostgres, withClient } from './support/postgres.ts'

let postgres: TestPostgres
let url: string
beforeAll(async () => {
  postgres = await startTestPostgres()
})
afterAll(() => postgres?.stop())
beforeEach(async () => {
  url = await postgres.database()
})

const tables = () =>
  withClient(url, async (client) => {
    const { rows } = await client.query<{ name: string }>(
      `SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public' ORDER BY 1`,
    )
    return rows.map(({ name }) => name)
  })

it('goes up once, however many start together', async () => {
  const done = await Promise.all(Array.from({ length: 5 }, () => migrateUp(url, migrations)))
  expect(done.flat()).toHaveLength(migrations.length)
  const states = await migrationStates(url, migrations)
  expect(states.every(({ appliedAt }) => appliedAt instanceof Date)).toBe(true)
})

it('goes all the way down and up again', async () => {
  await migrateUp(url, migrations)
  const full = await tables()
  for (const migration of [...migrations].reverse()) {
    expect((await migrateDown(url, migrations))?.number).toBe(migration.number)
  }
  expect(await tables()).toEqual(['harbor_migrations'])
  expect(await migrateDown(url, migrations)).toBeUndefined()
  await migrateUp(url, migrations)
  expect(await tables()).toEqual(full)
})

it('does not take back a ledger that has entries', async () => {
  const harbor = await startInstance(url)
  await harbor.lock(await harbor.enroll('device'), 'capture')
  await harbor.close()
  for (const { number } of [...migrations].reverse()) {
    if (number > 1) await migrateDown(url, migrations)
  }
  await expect(migrateDown(url, migrations)).rejects.toThrow(/has entries/)
  expect(await tables()).toContain('ledger_entries')
})

it('takes a failed migration back whole', async () => {
  await migrateUp(url, migrations)
  const number = (migrations.at(-1)?.number ?? 0) + 1
  const bad = { number, part: 'x', name: 'bad', checksum: 'c', up: 'CREATE TABLE half (); SELECT nonsense;', down: '' }
  await expect(migrateUp(url, [...migrations, bad])).rejects.toThrow(/Migration \d+ \(bad\) failed and was taken back/)
  expect(await tables()).not.toContain('half')
})

it('refuses migrations that were changed, and databases that are newer', async () => {
  await migrateUp(url, migrations)
  const changed = migrations.map((migration) => ({ ...migration, checksum: 'another' }))
  await expect(migrateUp(url, changed)).rejects.toThrow(/was changed after it was applied/)
  await expect(migrateUp(url, [])).rejects.toThrow(/a newer harbor/)
})
