import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { promisify } from 'node:util'
import { freePorts } from '../../cluster/ports.ts'
import { dataOf, makeCluster, superuser } from '../../src/embedded-postgres/cluster.ts'
import { makeHome } from '../../src/embedded-postgres/home.ts'
import { findInstallation } from '../../src/embedded-postgres/installation.ts'
import { giveTo, serverUser } from '../../src/embedded-postgres/server-user.ts'
import { temporaryFolder, withClient } from './postgres.ts'
import { processesOf } from './process-tree.ts'

const password = 'streamed'
const application = 'standby'

export interface ReplicatedServer {
  readonly port: number
  readonly url: string
  start(): Promise<void>
  /** The postmaster and all its children at once, as when the machine is gone. */
  kill(): Promise<void>
  /** It keeps its connections, and answers nothing any more: a machine behind a network that is gone. */
  freeze(): Promise<void>
}

/**
 * A primary and a standby that streams from it, both running. The standby begins as a copy of the primary's folder before its
 * first start: pg_basebackup, which does the same for one that runs, does not come with every Postgres.
 */
export async function startReplicatedPostgres({ synchronous }: { readonly synchronous: boolean }) {
  const { folder, [Symbol.asyncDispose]: remove } = await temporaryFolder()
  const user = serverUser()
  const home = await makeHome(folder, user)
  const installation = await findInstallation(home, user, undefined)
  await makeCluster(home, installation, user, password)
  const copy = join(home.postgres, 'standby')
  await promisify(execFile)('cp', ['-a', dataOf(home), copy])
  await writeFile(join(copy, 'standby.signal'), '')
  await giveTo(user, join(copy, 'standby.signal'))
  const [first = 0, second = 0] = await freePorts(2)

  const server = (data: string, port: number, more: Readonly<Record<string, string>>): ReplicatedServer => {
    let child: ChildProcess | undefined
    const settings = {
      listen_addresses: '127.0.0.1',
      port,
      unix_socket_directories: '',
      wal_level: 'replica',
      // Nothing here survives the machine.
      fsync: 'off',
      shared_buffers: '16MB',
      ...more,
    }
    const url = `postgres://${superuser}:${password}@127.0.0.1:${port}/postgres`
    return {
      port,
      url,
      async start() {
        const args = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
        child = spawn(installation.postgres, ['-D', data, ...args], { cwd: home.postgres, stdio: 'ignore', ...user })
        await untilAnswers(url, child)
      },
      async kill() {
        if (child?.pid === undefined || child.exitCode !== null || child.signalCode !== null) return
        const ended = once(child, 'exit')
        for (const pid of await processesOf(child.pid)) signal(pid, 'SIGKILL')
        await ended
      },
      async freeze() {
        for (const pid of await processesOf(child?.pid ?? 0)) signal(pid, 'SIGSTOP')
      },
    }
  }
  const primary = server(dataOf(home), first, synchronous ? { synchronous_standby_names: application } : {})
  const source = `host=127.0.0.1 port=${first} user=${superuser} password=${password} application_name=${application}`
  const standby = server(copy, second, { primary_conninfo: source })
  await primary.start()
  await standby.start()
  const both = new URL(primary.url)
  return {
    primary,
    standby,
    /** Of both, as libpq has it. */
    url: both.href.replace(both.host, `${both.host},127.0.0.1:${second}`),
    /** Makes the standby a primary, and waits until it is one. */
    promote: () => withClient(standby.url, (client) => client.query('SELECT pg_promote()')),
    async stop() {
      await primary.kill()
      await standby.kill()
      await remove()
    },
  }
}

export type ReplicatedPostgres = Awaited<ReturnType<typeof startReplicatedPostgres>>

/** Some end by themselves when the first one is gone. */
function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

async function untilAnswers(url: string, { exitCode }: ChildProcess): Promise<void> {
  for (const deadline = Date.now() + 20_000; ; await delay(20)) {
    try {
      return await withClient(url, async () => undefined)
    } catch (error) {
      if (exitCode !== null || Date.now() > deadline) throw error
    }
  }
}
