import { closeSync, openSync, readdirSync, readlinkSync, readSync, statSync } from 'node:fs'

/**
 * Small files of /proc, read synchronously: the kernel makes them from memory in some 10 µs, which is less than a trip
 * through the thread pool would cost the generator beside it.
 */
const buffer = Buffer.allocUnsafe(1 << 16)

/** The file's text (at most 64 KB); undefined when it is not there or may not be read. */
export function readProc(path: string): string | undefined {
  let file: number
  try {
    file = openSync(path, 'r')
  } catch {
    return undefined
  }
  try {
    return readAll(file)
  } catch {
    // The process ended between opening and reading.
    return undefined
  } finally {
    closeSync(file)
  }
}

function readAll(file: number): string {
  let length = 0
  for (;;) {
    const got = readSync(file, buffer, length, buffer.length - length, null)
    length += got
    if (got === 0 || length === buffer.length) return buffer.toString('latin1', 0, length)
  }
}

export function processIds(): number[] {
  return namesIn('/proc').map(Number).filter(Number.isInteger)
}

export function namesIn(path: string): string[] {
  try {
    return readdirSync(path)
  } catch {
    return []
  }
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
