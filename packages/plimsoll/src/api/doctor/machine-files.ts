import { execFile } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { promisify } from 'node:util'

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
  read(path) {
    try {
      return readFileSync(path, 'utf8').trim()
    } catch {
      return undefined
    }
  },
  list(path) {
    try {
      return readdirSync(path)
    } catch {
      return []
    }
  },
  async ask(command, ...args) {
    try {
      return (await run(command, args, { timeout: 2000 })).stdout.trim()
    } catch {
      return undefined
    }
  },
}
