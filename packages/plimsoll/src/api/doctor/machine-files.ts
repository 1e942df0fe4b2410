import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { namesIn, readProc } from '../../base/read-proc.ts'

/** How the doctor looks at a machine; tests give it another one. What is not there, or not readable, is undefined. */
export interface MachineFiles {
  readonly platform: NodeJS.Platform
  read(path: string): string | undefined
  list(path: string): readonly string[]
  /** What a command prints, trimmed. */
  ask(command: string, ...args: string[]): Promise<string | undefined>
}

const run = promisify(execFile)

export const thisMachine: MachineFiles = {
  platform: process.platform,
  read: (path) => readProc(path)?.trim(),
  list: namesIn,
  async ask(command, ...args) {
    try {
      return (await run(command, args, { timeout: 2000 })).stdout.trim()
    } catch {
      return undefined
    }
  },
}
