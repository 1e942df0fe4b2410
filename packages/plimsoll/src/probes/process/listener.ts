import { execFile } from 'node:child_process'
import { platform } from 'node:os'
import { promisify } from 'node:util'
import { readProc } from '../../base/read-proc.ts'
import { parseListeners, parseStat } from './proc-files.ts'
import { processIds, socketsOf } from './proc-reader.ts'

/**
 * The process on this machine that listens on a TCP port; of several that share the socket (a cluster, a forking
 * server) the one that the others descend from. Undefined when nobody listens, when it belongs to a user whose processes
 * may not be looked into, or when it is in another network namespace, as in a container.
 */
export async function findListener(port: number): Promise<number | undefined> {
  return platform() === 'linux' ? findInProc(port) : findWithLsof(port)
}

function findInProc(port: number): number | undefined {
  const inodes = new Set(
    ['/proc/net/tcp', '/proc/net/tcp6'].flatMap((path) => parseListeners(readProc(path) ?? '', port)),
  )
  if (inodes.size === 0) return undefined
  const holders = processIds().filter((pid) => socketsOf(pid).some((inode) => inodes.has(inode)))
  return holders.find((pid) => !holders.includes(parentOf(pid) ?? 0))
}

export function commandOf(pid: number): string | undefined {
  return parseStat(readProc(`/proc/${pid}/stat`) ?? '')?.command
}

function parentOf(pid: number): number | undefined {
  return parseStat(readProc(`/proc/${pid}/stat`) ?? '')?.parent
}

async function findWithLsof(port: number): Promise<number | undefined> {
  try {
    const { stdout } = await promisify(execFile)('lsof', ['-nP', `-iTCP:${port}`, '-sTCP:LISTEN', '-t'])
    const pids = stdout.split('\n').map(Number).filter(Boolean)
    return pids.length === 0 ? undefined : Math.min(...pids)
  } catch {
    return undefined
  }
}
