import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { restoreBackup } from '../backup/restore.ts'
import { checkSoundness } from '../backup/soundness.ts'
import { writeBackup } from '../backup/write.ts'
import { migrateDown, migrateUp } from '../src/database/migrations.ts'
import { append } from '../src/documents/append.ts'
import { openStore } from '../src/documents/store.ts'
import { applyAll, type Operation } from '../src/documents/text-operation.ts'
import { migrations } from './support/instance.ts'
import { startTestPostgres, type TestPostgres, temporaryFolder } from './support/postgres.ts'

let postgres: TestPostgres
let url: string
let pool: pg.Pool

beforeAll(async () => {
  postgres = await startTestPostgres()
})
afterAll(() => postgres?.stop())
beforeEach(async () => {
  url = await postgres.database()
  pool = openPool(url)
  return () => pool.end()
})

function openPool(database: string): pg.Pool {
  const opened = new pg.Pool({ connectionString: database, max: 2 })
  // Postgres may end before a connection that was let go is closed.
  return opened.on('error', () => undefined)
}

async function makeUser(number: number): Promise<string> {
  const { rows } = await pool.query<{ id: string }>(
    `INSERT INTO users (number, email, password_hash, name, role) VALUES ($1, $2, 'x', 'n', 'member') RETURNING id`,
    [number, `${number}@example.org`],
  )
  return rows[0]?.id ?? ''
}

interface Written {
  readonly documentId: string
  readonly userId: string
  readonly version: number
  readonly operation: Operation
}

/** A hundred in one transaction, with names as long as clients make them. */
async function write(written: readonly Written[]): Promise<void> {
  for (let from = 0; from < written.length; from += 100) {
    const batch = written.slice(from, from + 100).map((each) => ({ ...each, clientId: randomUUID(), at: 0 }))
    for (const outcome of await append(pool, batch)) expect(outcome).toMatchObject({ entry: expect.anything() })
  }
}

/** A text of 100 KB, then keystrokes, words and deletions all over it. */
const typing = (count: number): readonly Operation[] => [
  ['lorem ipsum '.repeat(8_500)],
  ...Array.from({ length: count - 1 }, (_, n): Operation => {
    const at = ((n * 7_919) % 90_000) + 1
    if (n % 10 === 9) return [at, 'dolor sit amet']
    return n % 5 === 3 ? [at, { d: 1 + (n % 3) }] : [at, 'abcdefgh'[n % 8] ?? '']
  }),
]

/** Heap, index and what lies beside the heap, in bytes an operation. */
async function bytesEach(): Promise<number> {
  await pool.query('VACUUM document_operations')
  const { rows } = await pool.query<{ bytes: number }>(
    `SELECT (pg_total_relation_size('document_operations') / (SELECT count(*) FROM document_operations))::int AS bytes`,
  )
  return rows[0]?.bytes ?? 0
}

it('keeps an operation in 200 bytes, its index and its author’s name for it included', async () => {
  await migrateUp(url, migrations)
  const users = [await makeUser(1), await makeUser(2)]
  const store = openStore(pool)
  const documents = await Promise.all(Array.from({ length: 5 }, () => store.create('t', users[0] ?? '')))
  const operations = typing(1_000)
  // In turn, so that no document's rows, and no document's part of the index, are by themselves.
  for (let from = 0; from < operations.length; from += 20) {
    await write(
      documents.flatMap(({ id }) =>
        operations.slice(from, from + 20).map((operation, index) => ({
          ...{ documentId: id, userId: users[index % 2] ?? '' },
          ...{ version: from + index, operation },
        })),
      ),
    )
  }
  expect(await bytesEach()).toBeLessThan(200)
  const text = applyAll('', operations)
  for (const { id } of documents) expect(await store.content(id)).toEqual({ version: 1_000, content: text })
})

it('keeps the newest snapshot alone, however late an older one comes', async () => {
  await migrateUp(url, migrations)
  const userId = await makeUser(1)
  const store = openStore(pool)
  const { id } = await store.create('one', userId)
  const write10 = (version: number) =>
    append(
      pool,
      Array.from({ length: 10 }, () => ({
        ...{ documentId: id, userId, version, clientId: null, at: 0 },
        operation: ['x'],
      })),
    )
  const kept = async () =>
    (await pool.query<{ version: string; content: string }>('SELECT version, content FROM document_snapshots')).rows
  await write10(0)
  await store.snapshot(id)
  await write10(10)
  await Promise.all([store.snapshot(id), store.snapshot(id)])
  expect(await kept()).toEqual([{ version: '20', content: 'x'.repeat(20) }])
  await pool.query("UPDATE document_snapshots SET version = 21, content = 'newer'")
  await store.snapshot(id)
  expect(await kept()).toEqual([{ version: '21', content: 'newer' }])
})

it('comes from the older form, and goes back to it, with every operation as it was', async () => {
  const [before, lean] = [
    migrations.filter(({ number }) => number < 13),
    migrations.filter(({ number }) => number < 14),
  ]
  await migrateUp(url, before)
  const userId = await makeUser(7)
  const made = await pool.query<{ id: string }>(
    `INSERT INTO documents (title, created_by, version, length) VALUES ('t', $1, 3, 3) RETURNING id`,
    [userId],
  )
  const id = made.rows[0]?.id
  await pool.query(
    `INSERT INTO document_operations (document_id, version, user_id, client_id, op, created_at)
     VALUES ($1, 1, $2, 'a', '["a"]', '2026-01-01'), ($1, 2, $2, NULL, '[1,"b"]', '2026-01-02'), ($1, 3, $2, 'c', '[2,"c"]', '2026-01-03')`,
    [id, userId],
  )
  await pool.query(`INSERT INTO document_snapshots VALUES ($1, 1, 'a'), ($1, 2, 'ab')`, [id])
  const old = async () => (await pool.query('SELECT * FROM document_operations ORDER BY version')).rows
  const rows = await old()

  await migrateUp(url, lean)
  const store = openStore(pool)
  expect(await store.content(id ?? '')).toEqual({ version: 3, content: 'abc' })
  expect(await store.operations(id ?? '', 0, 10)).toEqual(rows)
  expect((await pool.query('SELECT version FROM document_snapshots')).rows).toEqual([{ version: '2' }])
  await migrateDown(url, lean)
  expect(await old()).toEqual(rows)
  await migrateUp(url, lean)
  expect(await store.operations(id ?? '', 0, 10)).toEqual(rows)
})

it('stays whole through a backup, which sees an operation that is missing', async () => {
  await migrateUp(url, migrations)
  const userId = await makeUser(1)
  const { id } = await openStore(pool).create('one', userId)
  await write(typing(20).map((operation, version) => ({ documentId: id, userId, version, operation })))
  await using folder = await temporaryFolder()
  const file = join(folder.folder, 'harbor.backup.gz')
  await writeBackup(url, file)
  const other = await postgres.database()
  await restoreBackup(file, other, migrations)
  expect((await checkSoundness(other)).problems).toEqual([])
  const restored = openPool(other)
  expect(await openStore(restored).content(id)).toEqual(await openStore(pool).content(id))
  await restored.query('DELETE FROM document_operations WHERE version = 7')
  await restored.end()
  expect((await checkSoundness(other)).problems).toEqual([`The operations of document ${id} have a gap.`])
})
