import { lstatSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { writeError } from './write-error.ts'

/**
 * Writes a report, making its folder when there is none.
 * @throws {PlimsollError} OUTPUT_UNWRITABLE
 */
export function writeOutput(path: string, text: string): void {
  try {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, text)
  } catch (error) {
    removeTorn(path, error)
    throw writeError(path, error)
  }
}

/** Half a report looks like a whole one to whoever finds it. */
function removeTorn(path: string, error: unknown): void {
  const { code } = error as NodeJS.ErrnoException
  if (code !== 'ENOSPC' && code !== 'EDQUOT' && code !== 'EFBIG') return
  try {
    if (lstatSync(path).isFile()) rmSync(path)
  } catch {
    // The first error is the one to tell.
  }
}
