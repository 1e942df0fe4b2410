import { closeSync, openSync, readdirSync, readSync } from 'node:fs'

/**
 * Small files of /proc and /sys, read synchronously: the kernel makes them from memory in some 10 µs, which is less than
 * a trip through the thread pool would cost the generator beside it. One buffer is everybody's.
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

/** What a folder holds; nothing when it is not there. */
export function namesIn(path: string): string[] {
  try {
    return readdirSync(path)
  } catch {
    return []
  }
}
