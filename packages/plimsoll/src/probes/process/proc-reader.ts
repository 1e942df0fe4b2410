import { readdirSync, readlinkSync, statSync } from 'node:fs'
import { namesIn } from '../../base/read-proc.ts'

export function processIds(): number[] {
  return namesIn('/proc').map(Number).filter(Number.isInteger)
}

/**
 * How many files a process has open: the folder's size since Linux 6.2, counted before; undefined when it may not be
 * read.
 */
export function countOpenFiles(pid: number | 'self'): number | undefined {
  const folder = `/proc/${pid}/fd`
  try {
    const { size } = statSync(folder)
    return size > 0 ? size : readdirSync(folder).length
  } catch {
    return undefined
  }
}

/** Inodes of the sockets that a process has open. */
export function socketsOf(pid: number): string[] {
  const folder = `/proc/${pid}/fd`
  const inodes: string[] = []
  for (const name of namesIn(folder)) {
    try {
      const inode = /^socket:\[(\d+)\]$/.exec(readlinkSync(`${folder}/${name}`))?.[1]
      if (inode !== undefined) inodes.push(inode)
    } catch {
      // Closed meanwhile.
    }
  }
  return inodes
}
