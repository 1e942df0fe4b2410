import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { migrateUp } from '../src/database/migrations.ts'
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../src/embedded-postgres/embedded-postgres.ts'
import { type Instance, migrations, startInstance } from './support/instance.ts'
import { people } from './support/people.ts'
import { temporaryFolder, withClient } from './support/postgres.ts'

let postgres: EmbeddedPostgres
let folder: Awaited<ReturnType<typeof temporaryFolder>>
beforeAll(async () => {
  folder = await temporaryFolder()
  postgres = await startEmbeddedPostgres(folder.folder, pino({ level: 'silent' }))
})
afterAll(async () => {
  await postgres?.stop()
  await folder?.[Symbol.asyncDispose]()
})

/** A new database, at the server's own URL with some of it changed. */
async function newDatabase(name: string): Promise<string> {
  await withClient(postgres.url, (client) => client.query(`CREATE DATABASE ${name}`))
  return changed(postgres.url, { pathname: `/${name}` })
}

const changed = (
  url: string,
  parts: Partial<Pick<URL, 'pathname' | 'username' | 'password' | 'hostname' | 'search'>>,
) => Object.assign(new URL(url), parts).href

describe('the role that serves', () => {
  let url: string
  let harbor: Instance
  beforeAll(async () => {
    const owner = await newDatabase('roles')
    await migrateUp(owner, migrations)
    const sql = await readFile(fileURLToPath(new URL('../deploy/postgres/serving-role.sql', import.meta.url)), 'utf8')
    await withClient(owner, async (client) => {
      // Twice, as after the next migration.
      await client.query(sql)
      await client.query(sql)
      await client.query("ALTER ROLE harbor_serve PASSWORD 'served'")
    })
    url = changed(owner, { username: 'harbor_serve', password: 'served' })
    harbor = await startInstance(url)
  })
  afterAll(() => harbor?.close())

  it('is enough for accounts, rooms, messages, documents and the ledger', async () => {
    const they = people(harbor)
    const { body: ann } = await they.register('ann')
    const { body: room } = await they.post<{ room: { id: string } }>(
      '/api/rooms',
      { name: 'Quay' },
      undefined,
      ann.token,
    )
    const said = await they.post('/api/messages', { room_id: room.room.id, content: 'hello' }, undefined, ann.token)
    const made = await they.post('/api/documents', { title: 'Log' }, undefined, ann.token)
    expect([said.status, made.status]).toEqual([201, 201])
    expect((await harbor.lock(await harbor.enroll('device'), 'capture')).status).toBeLessThan(300)
    expect((await harbor.verify()).body).toMatchObject({ valid: true, checked: 1 })
  })

  it.each([
    ['drop a table', 'DROP TABLE messages'],
    ['change a table', 'ALTER TABLE users ADD COLUMN more text'],
    ['make a table', 'CREATE TABLE own (id int)'],
    ['empty a table', 'TRUNCATE messages'],
    ['switch a trigger off', 'ALTER TABLE ledger_entries DISABLE TRIGGER ALL'],
    ['change what is in the ledger', "UPDATE ledger_entries SET device_id = 'other'"],
    ['remove from the ledger', 'DELETE FROM ledger_entries'],
    ['say which migrations were run', 'DELETE FROM harbor_migrations'],
    ['make a role', 'CREATE ROLE other'],
  ])('cannot %s', async (_what, statement) => {
    await expect(withClient(url, (client) => client.query(statement))).rejects.toThrow(
      /permission denied|must be owner of/,
    )
  })
})

describe('with a certificate', () => {
  let url: string
  let certificate: string
  beforeAll(async () => {
    url = await newDatabase('tls')
    const made = (name: string) => join(folder.folder, name)
    const request = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2']
    const names = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost']
    for (const name of ['server', 'stranger']) {
      const files = ['-keyout', made(`${name}.key`), '-out', made(`${name}.crt`)]
      await promisify(execFile)('openssl', [...request, ...names, ...files])
    }
    certificate = made('server.crt')
    await withClient(url, async (client) => {
      for (const name of ['server.key', 'server.crt']) {
        const lines = (await readFile(made(name), 'utf8')).trim().split('\n')
        // Written by Postgres itself, which takes a key only from its own user.
        const rows = lines.map((line) => `('${line}')`).join(',')
        await client.query(`COPY (VALUES ${rows}) TO PROGRAM 'umask 077; cat > ${name}'`)
      }
      await client.query('ALTER SYSTEM SET ssl = on')
      await client.query('SELECT pg_reload_conf()')
    })
  })

  const secure = (root: string) =>
    changed(url, { hostname: 'localhost', search: `?sslmode=verify-full&sslrootcert=${root}` })

  it('all connections to Postgres are encrypted', async () => {
    const harbor = await startInstance(secure(certificate))
    try {
      expect((await harbor.lock(await harbor.enroll('device'), 'capture')).status).toBeLessThan(300)
      const { rows } = await withClient(url, (client) =>
        client.query(`SELECT ssl, version FROM pg_stat_ssl JOIN pg_stat_activity USING (pid)
          WHERE application_name LIKE 'harbor%'`),
      )
      expect(rows.length).toBeGreaterThan(0)
      for (const row of rows) expect(row).toEqual({ ssl: true, version: 'TLSv1.3' })
    } finally {
      await harbor.close()
    }
  })

  it('a Postgres with a certificate of someone else is refused', async () => {
    await expect(startInstance(secure(join(folder.folder, 'stranger.crt')))).rejects.toThrow(/self.signed certificate/)
  })
})
