import { randomUUID } from 'node:crypto'
import { readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DamagedBackupError } from '../backup/format.ts'
import { checkBackup } from '../backup/read.ts'
import { restoreBackup } from '../backup/restore.ts'
import { checkSoundness } from '../backup/soundness.ts'
import { writeBackup } from '../backup/write.ts'
import { type Instance, migrations, startInstance } from './support/instance.ts'
import { people } from './support/people.ts'
import { startTestPostgres, type TestPostgres, temporaryFolder, withClient } from './support/postgres.ts'

let postgres: TestPostgres
let url: string
let harbor: Instance
let folder: Awaited<ReturnType<typeof temporaryFolder>>
let file: string
let room: string
let token: string

beforeAll(async () => {
  postgres = await startTestPostgres()
  folder = await temporaryFolder()
  file = join(folder.folder, 'harbor.backup.gz')
  url = await postgres.database()
  harbor = await startInstance(url)
  const { register, post } = people(harbor)
  token = (await register('ada')).body.token
  room = (await post<{ room: { id: string } }>('/api/rooms', { name: 'Quay', kind: 'room' }, undefined, token)).body
    .room.id
  await post('/api/documents', { title: 'Log book' }, undefined, token)
})
afterAll(async () => {
  await harbor.close()
  await postgres.stop()
  await folder[Symbol.asyncDispose]()
})

const say = (content: string) =>
  people(harbor).post<{ message: { seq: number } }>(
    '/api/messages',
    { room_id: room, content, client_id: randomUUID() },
    undefined,
    token,
  )

/** Locks proofs and writes messages, one after the other, until told to stop. */
function keepWriting() {
  let isOver = false
  const writing = (async () => {
    const device = await harbor.enroll('device')
    // Characters that COPY has to write otherwise, and a line that looks like its end.
    for (let at = 0; !isOver; at += 1) {
      const [locked, said] = await Promise.all([
        harbor.lock(device, `capture ${at}`, 'data', { note: '\\.\n\t\\N "é" 🚢', at }),
        say(`\\.\nline ${at}\\N\t\r\n\\.`),
      ])
      expect([locked.status, said.status]).toEqual([200, 201])
    }
  })()
  return async () => {
    isOver = true
    await writing
  }
}

const contentsOf = (database: string) =>
  withClient(database, async (pg) => {
    const { rows } = await pg.query<{ content: string }>('SELECT content FROM messages ORDER BY room_id, seq')
    return rows.map(({ content }) => content)
  })

describe('a backup that was taken while others wrote', () => {
  it('restores into another database as it was at one moment, and that one goes on', async () => {
    for (let at = 0; at < 20; at += 1) await say(`before ${at}`)
    const stop = keepWriting()
    for (let at = 0; at < 5; at += 1) await say(`meanwhile ${at}`)
    const manifest = await writeBackup(url, file)
    await stop()
    expect((await stat(file)).mode & 0o777).toBe(0o600)

    const other = await postgres.database()
    expect(await restoreBackup(file, other, migrations)).toEqual(manifest)
    const rows = Object.fromEntries(manifest.tables.map((summary) => [summary.table, summary.rows]))
    expect(rows).toMatchObject({ users: 1, rooms: 1, documents: 1, devices: 1, ledger_head: 1 })
    expect(rows['messages']).toBeGreaterThan(25)
    expect(await checkSoundness(other)).toEqual({ ledgerEntries: rows['ledger_entries'], rooms: 1, problems: [] })
    expect(await contentsOf(other)).toEqual((await contentsOf(url)).slice(0, rows['messages']))

    const restored = await startInstance(other)
    const { login, post } = people(restored)
    const again = (await login('ada')).body.token
    const said = await post<{ message: { seq: number } }>(
      '/api/messages',
      { room_id: room, content: 'on' },
      undefined,
      again,
    )
    expect(said.body.message.seq).toBe((rows['messages'] ?? 0) + 1)
    expect((await post('/api/documents', { title: 'Second' }, undefined, again)).status).toBe(201)
    const device = await restored.enroll('another device')
    expect((await restored.lock(device, 'next')).body.sequence).toBe((rows['ledger_entries'] ?? 0) + 1)
    await restored.close()
  })

  it('is the same file format when written from what was restored', async () => {
    const other = await postgres.database()
    const manifest = await restoreBackup(file, other, migrations)
    expect(await writeBackup(other, join(folder.folder, 'second.backup.gz'))).toEqual(manifest)
  })

  it('goes into no database that has tables', async () => {
    await expect(restoreBackup(file, url, migrations)).rejects.toThrow(/The database is not empty: it has \d+ tables/)
  })

  it('is refused by a harbor that does not know its migrations', async () => {
    const other = await postgres.database()
    await expect(restoreBackup(file, other, migrations.slice(0, -1))).rejects.toThrow(/this harbor does not know/)
  })

  it('migrates what it restored to what this harbor needs', async () => {
    const other = await postgres.database()
    const next = {
      ...{ number: 9999, part: 'proofs', name: 'next', checksum: 'x' },
      ...{ up: 'CREATE TABLE next (id integer PRIMARY KEY)', down: 'DROP TABLE next' },
    }
    await restoreBackup(file, other, [...migrations, next])
    await withClient(other, async (pg) => expect((await pg.query('SELECT FROM next')).rowCount).toBe(0))
  })
})

describe('a damaged backup', () => {
  const damaged = async (change: (lines: string[], packed: Buffer) => string[] | Buffer) => {
    const packed = await readFile(file)
    const changed = change(gunzipSync(packed).toString().split('\n'), packed)
    const path = join(folder.folder, `${randomUUID()}.gz`)
    await writeFile(path, Buffer.isBuffer(changed) ? changed : gzipSync(changed.join('\n')))
    return path
  }
  const rowOf = (lines: readonly string[], table: string) =>
    lines.findIndex((line) => line.startsWith(`{"table":"${table}","columns"`)) + 1

  it.each<[string, RegExp, (lines: string[], packed: Buffer) => string[] | Buffer]>([
    ['cut off', /cannot be unpacked/, (_, packed) => packed.subarray(0, packed.length - 100)],
    [
      'a flipped bit',
      /cannot be unpacked|rows of|out of place/,
      (_, packed) => {
        const copy = Buffer.from(packed)
        const at = Math.floor(copy.length / 2)
        copy[at] = (copy[at] ?? 0) ^ 1
        return copy
      },
    ],
    ['another file', /cannot be unpacked/, () => Buffer.from('PGDMP and so on')],
    ['another gzip', /not a backup of harbor/, () => ['{"hello":1}', '']],
    [
      'a changed row',
      /rows of messages/,
      (lines) => {
        const at = rowOf(lines, 'messages')
        return lines.with(at, `${lines[at]}!`)
      },
    ],
    ['a missing row', /rows of messages/, (lines) => lines.toSpliced(rowOf(lines, 'messages'), 1)],
    ['a missing manifest', /end is missing/, (lines) => [...lines.slice(0, -2), '']],
    ['a line too many', /out of place/, (lines) => lines.toSpliced(1, 0, '{"more":true}')],
  ])('%s: is refused before anything is touched', async (_name, sentence, change) => {
    const path = await damaged(change)
    const other = await postgres.database()
    const refused = restoreBackup(path, other, migrations)
    await expect(refused).rejects.toThrow(DamagedBackupError)
    await expect(refused).rejects.toThrow(sentence)
    await withClient(other, async (pg) => {
      const { rowCount } = await pg.query("SELECT FROM pg_class WHERE relnamespace = 'public'::regnamespace")
      expect(rowCount).toBe(0)
    })
  })

  it('is told from a file that is not there', async () => {
    await expect(checkBackup(join(folder.folder, 'nothing'))).rejects.toThrow('ENOENT')
  })
})

it('finds what breaks harbor’s promises', async () => {
  const other = await postgres.database()
  await restoreBackup(file, other, migrations)
  await withClient(other, async (pg) => {
    await pg.query('DELETE FROM messages WHERE seq = 3')
    await pg.query('ALTER TABLE ledger_entries DISABLE TRIGGER ALL')
    await pg.query("UPDATE ledger_entries SET metadata = '{}' WHERE sequence = 1")
  })
  const { problems } = await checkSoundness(other)
  expect(problems).toEqual(['The ledger is broken at entry 1.', `The messages of room ${room} have a gap.`])
})
