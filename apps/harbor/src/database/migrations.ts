import pg from 'pg'
import type { Migration } from './migration-files.ts'
import { primaryUrl } from './primary.ts'

export interface MigrationState {
  readonly number: number
  readonly part: string
  readonly name: string
  readonly appliedAt: Date | undefined
}

interface Applied {
  number: number
  part: string
  name: string
  checksum: string
  applied_at: Date
}

const recordTable = `
  CREATE TABLE harbor_migrations (
    number integer PRIMARY KEY,
    part text NOT NULL,
    name text NOT NULL,
    checksum text NOT NULL,
    applied_at timestamptz NOT NULL DEFAULT clock_timestamp()
  )`

/** Any number does, as long as every instance takes the same: the bytes of "harbor". */
const lockKey = 0x686172626f72

/**
 * Brings the database to the newest version: each migration in a transaction of its own, with its record. Instances
 * that start together wait for one another.
 * @returns those that were run now
 * @throws {Error} when an applied migration was changed since, or is not known here (a newer harbor made it)
 */
export function migrateUp(url: string, migrations: readonly Migration[]): Promise<readonly Migration[]> {
  return withLock(url, async (client) => {
    const applied = await readApplied(client)
    check(applied, migrations)
    const pending = migrations.filter(({ number }) => !applied.some((other) => other.number === number))
    for (const migration of pending) {
      await inTransaction(client, migration, async () => {
        await client.query(migration.up)
        await client.query('INSERT INTO harbor_migrations (number, part, name, checksum) VALUES ($1, $2, $3, $4)', [
          migration.number,
          migration.part,
          migration.name,
          migration.checksum,
        ])
      })
    }
    return pending
  })
}

/** Takes back the newest applied migration; undefined when there is none. */
export function migrateDown(url: string, migrations: readonly Migration[]): Promise<Migration | undefined> {
  return withLock(url, async (client) => {
    const applied = await readApplied(client)
    check(applied, migrations)
    const newest = migrations.find(({ number }) => number === applied.at(-1)?.number)
    if (newest === undefined) return undefined
    await inTransaction(client, newest, async () => {
      await client.query(newest.down)
      await client.query('DELETE FROM harbor_migrations WHERE number = $1', [newest.number])
    })
    return newest
  })
}

export function migrationStates(url: string, migrations: readonly Migration[]): Promise<readonly MigrationState[]> {
  return withLock(url, async (client) => {
    const applied = await readApplied(client)
    check(applied, migrations)
    return migrations.map(({ number, part, name }) => ({
      number,
      part,
      name,
      appliedAt: applied.find((other) => other.number === number)?.applied_at,
    }))
  })
}

async function withLock<T>(url: string, body: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({
    connectionString: await primaryUrl(url),
    application_name: 'harbor migrations',
    connectionTimeoutMillis: 5_000,
  })
  // The query under way rejects as well; this only keeps a lost connection from ending the process.
  client.on('error', () => undefined)
  await client.connect()
  try {
    await client.query('SELECT pg_advisory_lock($1)', [lockKey])
    const { rows } = await client.query<{ found: boolean }>(
      "SELECT to_regclass('harbor_migrations') IS NOT NULL AS found",
    )
    // Asked first: a role that only serves may not even try to make a table that is there.
    if (!rows[0]?.found) await client.query(recordTable)
    return await body(client)
  } finally {
    // Ends the session, and with it the lock.
    await client.end()
  }
}

async function readApplied(client: pg.Client): Promise<readonly Applied[]> {
  const { rows } = await client.query<Applied>('SELECT * FROM harbor_migrations ORDER BY number')
  return rows
}

function check(applied: readonly Applied[], migrations: readonly Migration[]): void {
  for (const { number, part, name, checksum } of applied) {
    const known = migrations.find((migration) => migration.number === number)
    if (known === undefined) {
      throw new Error(
        `Migration ${number} (${part}/${name}) is applied but not known here: a newer harbor made this database.`,
      )
    }
    if (known.checksum !== checksum) {
      throw new Error(`Migration ${number} (${part}/${name}) was changed after it was applied; add a new one instead.`)
    }
  }
}

async function inTransaction(client: pg.Client, { number, name }: Migration, body: () => Promise<void>): Promise<void> {
  await client.query('BEGIN')
  try {
    await body()
    await client.query('COMMIT')
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined)
    const reason = error instanceof Error ? error.message : String(error)
    throw new Error(`Migration ${number} (${name}) failed and was taken back: ${reason}`, { cause: error })
  }
}
