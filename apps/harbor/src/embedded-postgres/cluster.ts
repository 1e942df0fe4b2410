import { spawn } from 'node:child_process'
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Home } from './home.ts'
import type { Installation } from './installation.ts'
import { ended, isPostgresOf } from './process-table.ts'
import { giveTo, type ServerUser } from './server-user.ts'

/** Who owns the databases of an embedded Postgres. */
export const superuser = 'harbor'

export const dataOf = (home: Home): string => join(home.postgres, 'data')

/** The major version that wrote the cluster; undefined when there is none yet. */
export async function clusterVersion(home: Home): Promise<number | undefined> {
  const text = await readFile(join(dataOf(home), 'PG_VERSION'), 'utf8').catch(() => undefined)
  return text === undefined ? undefined : Number.parseInt(text, 10)
}

/** Makes the cluster beside its place and moves it there when it is whole: a killed start leaves no half of one. */
export async function makeCluster(
  home: Home,
  { initdb }: Installation,
  user: ServerUser | undefined,
  password: string,
): Promise<void> {
  const draft = join(home.postgres, 'data.new')
  const passwordFile = join(home.postgres, 'password.new')
  await rm(draft, { recursive: true, force: true })
  await mkdir(draft, { mode: 0o700 })
  await giveTo(user, draft)
  await writeFile(passwordFile, password, { mode: 0o600 })
  await giveTo(user, passwordFile)
  const options = ['--encoding=UTF8', '--locale=C', '--auth=scram-sha-256', `--username=${superuser}`]
  await runToEnd(initdb, [`--pgdata=${draft}`, `--pwfile=${passwordFile}`, ...options], home.postgres, user)
  await rm(passwordFile)
  await rename(draft, dataOf(home))
}

function runToEnd(file: string, args: readonly string[], cwd: string, user: ServerUser | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { cwd, stdio: ['ignore', 'ignore', 'pipe'], ...user })
    let complaint = ''
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      complaint = (complaint + text).slice(-4000)
    })
    child.on('error', reject)
    child.on('close', (code) => {
      if (code === 0) resolve()
      else reject(new Error(`${file} ended with ${code}: ${complaint.trim()}`))
    })
  })
}

/**
 * Clears what a killed harbor left: its Postgres, when it still runs, is asked to stop; a `postmaster.pid` whose number
 * now belongs to another program, which would keep Postgres from starting, is removed.
 */
export async function clearRemains(home: Home): Promise<void> {
  const data = dataOf(home)
  const file = join(data, 'postmaster.pid')
  const text = await readFile(file, 'utf8').catch(() => undefined)
  if (text === undefined) return
  const pid = Number.parseInt(text, 10)
  if (!(pid > 0 && (await isPostgresOf(pid, data)))) {
    await rm(file, { force: true })
    return
  }
  // The postmaster's words for it: SIGINT ends sessions and writes everything, SIGQUIT leaves that to recovery.
  for (const signal of ['SIGINT', 'SIGQUIT'] as const) {
    process.kill(pid, signal)
    if (await ended(pid, 10_000)) return
  }
  throw new Error(`A Postgres that an earlier harbor left behind (process ${pid}) does not stop; end it by hand.`)
}
