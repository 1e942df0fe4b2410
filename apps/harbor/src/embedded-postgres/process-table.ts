import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { readlink } from 'node:fs/promises'
import { kill, platform } from 'node:process'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** False also for one that has ended and that nobody has waited for, as in containers whose first process never does. */
export function isAlive(pid: number): boolean {
  if (platform === 'linux') return !['', 'Z', 'X'].includes(statusOf(pid)[0] ?? '')
  try {
    return kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** A text that tells a process from a later one with the same number; undefined when it cannot be known. */
export async function startOf(pid: number): Promise<string | undefined> {
  // In clock ticks since boot.
  if (platform === 'linux') return statusOf(pid)[19]
  return run('ps', ['-o', 'lstart=', '-p', String(pid)]).then(
    ({ stdout }) => stdout.trim() || undefined,
    () => undefined,
  )
}

/** The fields of `/proc/<pid>/stat` from the third on, the state; the second, a name in brackets, may hold spaces. */
function statusOf(pid: number): readonly string[] {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return text.slice(text.lastIndexOf(')') + 2).split(' ')
  } catch {
    return []
  }
}

/** True when the process is a Postgres that serves this folder. A postmaster's working folder is its data folder. */
export async function isPostgresOf(pid: number, data: string): Promise<boolean> {
  if (!isAlive(pid)) return false
  if (platform === 'linux') return (await readlink(`/proc/${pid}/cwd`).catch(() => '')) === data
  const { stdout } = await run('ps', ['-o', 'command=', '-p', String(pid)]).catch(() => ({ stdout: '' }))
  return stdout.includes(data)
}

/** Resolves true when the process has ended, false when it still runs after `timeout` milliseconds. */
export async function ended(pid: number, timeout: number): Promise<boolean> {
  const deadline = Date.now() + timeout
  while (isAlive(pid)) {
    if (Date.now() > deadline) return false
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  return true
}
