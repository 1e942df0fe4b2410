import { mkdirSync, writeFileSync } from 'node:fs'
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
    throw writeError(path, error)
  }
}
