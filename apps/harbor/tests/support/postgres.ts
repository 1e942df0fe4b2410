import { randomBytes } from 'node:crypto'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { pino } from 'pino'
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../src/embedded-postgres/embedded-postgres.ts'

const silent = pino({ level: 'silent' })

/** An empty folder, open to the user that Postgres runs as. */
export async function temporaryFolder() {
  const folder = await mkdtemp(join(tmpdir(), 'harbor-test-'))
  await chmod(folder, 0o755)
  return { folder, [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) }
}

export interface TestPostgres {
  /** Undefined when the tests were given a Postgres that is not theirs to kill. */
  readonly embedded: EmbeddedPostgres | undefined
  /** Makes an empty database and returns its URL. */
  database(): Promise<string>
  stop(): Promise<void>
}

/** TEST_DATABASE_URL (a role that may create databases), or an embedded Postgres. */
export async function startTestPostgres(): Promise<TestPostgres> {
  const given = process.env['TEST_DATABASE_URL']
  if (given) return { embedded: undefined, ...databasesIn(given), stop: async () => undefined }
  const temporary = await temporaryFolder()
  const embedded = await startEmbeddedPostgres(temporary.folder, silent)
  return {
    embedded,
    ...databasesIn(embedded.url),
    async stop() {
      await embedded.stop()
      await temporary[Symbol.asyncDispose]()
    },
  }
}

function databasesIn(url: string) {
  return {
    async database() {
      const name = `harbor_test_${randomBytes(6).toString('hex')}`
      await withClient(url, (client) => client.query(`CREATE DATABASE ${name}`))
      const made = new URL(url)
      made.pathname = `/${name}`
      return made.href
    },
  }
}

export async function withClient<T>(url: string, body: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return await body(client)
  } finally {
    await client.end()
  }
}
