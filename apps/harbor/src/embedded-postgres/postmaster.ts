import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import pg from 'pg'
import { dataOf } from './cluster.ts'
import type { Home } from './home.ts'
import type { Installation } from './installation.ts'
import type { ServerUser } from './server-user.ts'
import { watchOver } from './watchdog.ts'

const startTimeout = 60_000

export interface Postmaster {
  readonly process: ChildProcess
  readonly port: number
  /** Resolves when the process has ended. */
  readonly ended: Promise<unknown>
}

interface Options {
  readonly home: Home
  readonly installation: Installation
  readonly user: ServerUser | undefined
  /** The URL of the always existing database `postgres` at a port. */
  readonly urlAt: (port: number) => string
}

/**
 * Starts Postgres on 127.0.0.1 and waits until it takes connections.
 * @param port the port to use; undefined: a free one, another when it was taken meanwhile
 * @throws {Error} with the last lines of its log when it does not come up
 */
export async function startPostmaster(options: Options, port?: number): Promise<Postmaster> {
  let preload: string | undefined = 'pg_stat_statements'
  for (let attempt = 1; ; attempt += 1) {
    const candidate = port ?? (await freePort())
    const postmaster = launch(options, candidate, preload)
    if (await comesUp(postmaster, options.urlAt(candidate))) return postmaster
    const log = await lastLines(options.home)
    // Some installations come without it; it only tells how long statements take.
    const withoutLibrary = preload !== undefined && log.includes(preload)
    if (withoutLibrary) preload = undefined
    const portTaken = port === undefined && /could not bind|Address already in use/.test(log)
    if (attempt === 5 || !(withoutLibrary || portTaken)) {
      throw new Error(`The embedded Postgres did not start:\n${log}`)
    }
  }
}

function launch({ home, installation, user }: Options, port: number, preload: string | undefined): Postmaster {
  const settings = {
    listen_addresses: '127.0.0.1',
    port,
    unix_socket_directories: '',
    max_connections: 100,
    // Counts once in each connection's process: small, so that harbor and all of it stay below 512 MB together. What does
    // not fit is in the system's cache.
    shared_buffers: '16MB',
    fsync: 'on',
    synchronous_commit: 'on',
    full_page_writes: 'on',
    timezone: 'UTC',
    log_timezone: 'UTC',
    // Linux counts a flush of 8 KB in a file that was filled with zeros as a megabyte written (large folios of ext4, seen
    // with 6.18), which would be all that anyone who watches this process sees of its disk.
    wal_init_zero: 'off',
    wal_recycle: 'off',
    // Nothing here has a replica.
    wal_level: 'minimal',
    max_wal_senders: 0,
    max_logical_replication_workers: 0,
    ...(preload !== undefined && { shared_preload_libraries: preload }),
  }
  const log = openSync(join(home.folder, 'postgres.log'), 'a', 0o600)
  try {
    const child = spawn(
      installation.postgres,
      ['-D', dataOf(home), ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])],
      {
        cwd: home.postgres,
        stdio: ['ignore', log, log],
        // Ctrl-C in a terminal goes to harbor only, which needs Postgres until its last request is answered.
        detached: true,
        ...user,
      },
    )
    const callOff = child.pid === undefined ? () => undefined : watchOver(child.pid, user)
    const ended = new Promise<void>((resolve) => {
      child.once('exit', () => resolve())
      child.once('error', () => resolve())
    }).then(callOff)
    return { process: child, port, ended }
  } finally {
    closeSync(log)
  }
}

/** False when it ended instead. */
async function comesUp(postmaster: Postmaster, url: string): Promise<boolean> {
  const deadline = Date.now() + startTimeout
  const end = postmaster.ended.then(() => 'ended' as const)
  for (;;) {
    const state = await Promise.race([answers(url), end])
    if (state === 'ended') return false
    if (state) return true
    if (Date.now() > deadline) {
      postmaster.process.kill('SIGQUIT')
      await end
      return false
    }
    await Promise.race([end, new Promise((resolve) => setTimeout(resolve, 20))])
  }
}

async function answers(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000 })
  client.on('error', () => undefined)
  try {
    await client.connect()
    return true
  } catch (error) {
    // A wrong password will not become right.
    if (error instanceof pg.DatabaseError && error.code === '28P01') throw error
    return false
  } finally {
    await client.end().catch(() => undefined)
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(address !== null && typeof address === 'object' ? address.port : 0))
    })
  })
}

async function lastLines(home: Home): Promise<string> {
  const text = await readFile(join(home.folder, 'postgres.log'), 'utf8')
  return text.trimEnd().split('\n').slice(-12).join('\n')
}
