import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Where programs leave what they leave; gone with us. */
export const scratch = mkdtempSync(join(tmpdir(), 'plimsoll-bench-'))
process.on('exit', () => rmSync(scratch, { recursive: true, force: true }))

/** A folder of its own for one run. */
export const newFolder = (): string => mkdtempSync(join(scratch, 'run-'))
