import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import pg from 'pg'
import type { Logger } from 'pino'
import { createFile } from '../create-file.ts'
import { kept, makeSecret } from '../kept.ts'
import { clearRemains, clusterVersion, makeCluster, superuser } from './cluster.ts'
import { lockFolder } from './folder-lock.ts'
import { type Home, makeHome } from './home.ts'
import { findInstallation } from './installation.ts'
import { type Postmaster, startPostmaster } from './postmaster.ts'
import { type ServerUser, serverUser } from './server-user.ts'

export interface EmbeddedPostgres {
  /** Of the database `harbor`; also in the data folder, in the file `database-url`. */
  readonly url: string
  /** Of the process that answers for all others of it; another one after a crash. */
  readonly pid: () => number
  /** Ends it orderly; resolves when it has ended. */
  stop(): Promise<void>
}

const database = 'harbor'

/**
 * Runs a Postgres of our own in a folder: made at first use, kept for the next, started again when it crashes. It stops
 * with this process, unless that is killed; then the next start stops it first.
 * @throws {Error} when another harbor uses the folder, or no Postgres can be run here
 */
export async function startEmbeddedPostgres(dataFolder: string, log: Logger): Promise<EmbeddedPostgres> {
  const user = serverUser()
  const home = await makeHome(dataFolder, user)
  const unlock = await lockFolder(home.folder)
  try {
    const password = await kept(home.folder, 'postgres-password', makeSecret)
    const installation = await prepareCluster(home, user, password, log)
    const urlAt = (port: number, name = 'postgres') => `postgres://${superuser}:${password}@127.0.0.1:${port}/${name}`
    const start = (port?: number) => startPostmaster({ home, installation, user, urlAt }, port)
    const supervised = supervise(await start(), start, log)
    const stop = async () => {
      await supervised.stop()
      await rm(urlFile(home), { force: true })
      await unlock()
    }
    try {
      const url = urlAt(supervised.port, database)
      await makeDatabase(urlAt(supervised.port))
      await countStatements(url)
      await publish(home, url)
      log.info({ url: url.replace(password, '***'), urlFile: urlFile(home) }, 'embedded Postgres is up')
      return { url, pid: supervised.pid, stop }
    } catch (error) {
      await stop()
      throw error
    }
  } catch (error) {
    await unlock()
    throw error
  }
}

async function prepareCluster(home: Home, user: ServerUser | undefined, password: string, log: Logger) {
  const existing = await clusterVersion(home)
  const installation = await findInstallation(home, user, existing)
  if (existing === undefined) {
    log.info({ folder: home.postgres, postgres: installation.version }, 'making a Postgres cluster')
    await makeCluster(home, installation, user, password)
  } else {
    await clearRemains(home)
  }
  return installation
}

/** Starts it again, on the same port, whenever it ends by itself. */
function supervise(first: Postmaster, start: (port: number) => Promise<Postmaster>, log: Logger) {
  const { port } = first
  let current = first
  let stopping = false
  const stopAtExit = () => current.process.kill('SIGINT')
  process.once('exit', stopAtExit)

  const watch = async (): Promise<void> => {
    for (let failures = 0; ; ) {
      await current.ended
      if (stopping) return
      log.error({ failures }, 'the embedded Postgres ended; starting it again')
      await new Promise((resolve) => setTimeout(resolve, Math.min(100 * 2 ** failures, 5_000)))
      if (stopping) return
      try {
        current = await start(port)
        failures = 0
        log.info('the embedded Postgres is up again')
        if (stopping) current.process.kill('SIGINT')
      } catch (error) {
        failures += 1
        log.error({ err: error }, 'the embedded Postgres did not start')
      }
    }
  }
  const watching = watch()

  return {
    port,
    pid: () => current.process.pid ?? 0,
    async stop() {
      stopping = true
      current.process.kill('SIGINT')
      const impatient = setTimeout(() => current.process.kill('SIGQUIT'), 5_000)
      await watching
      clearTimeout(impatient)
      process.removeListener('exit', stopAtExit)
    },
  }
}

async function makeDatabase(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [database])
    if (rowCount !== 0) return
    await client.query(`CREATE DATABASE ${database}`)
    // The first segment of the log is one that initdb filled with zeros: see the settings of the postmaster.
    await client.query('SELECT pg_switch_wal()')
  } finally {
    await client.end()
  }
}

/** Statement times for whoever watches the database; a Postgres without the extension serves as well. */
async function countStatements(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await client.query('CREATE EXTENSION IF NOT EXISTS pg_stat_statements').catch(() => undefined)
  } finally {
    await client.end()
  }
}

const urlFile = (home: Home): string => join(home.folder, 'database-url')

async function publish(home: Home, url: string): Promise<void> {
  await rm(urlFile(home), { force: true })
  await createFile(urlFile(home), url)
}
