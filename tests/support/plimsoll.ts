import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const cli = fileURLToPath(new URL('../../packages/plimsoll/dist/cli.js', import.meta.url))

export interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** A command that goes on. */
export interface Going {
  readonly child: ChildProcess
  readonly ended: Promise<Ended>
  /** Settles when this text has been printed. */
  printed(text: string): Promise<void>
}

/** Starts the built command in a folder. */
export function start(cwd: string, ...args: string[]): Going {
  const child = spawn(process.execPath, [cli, ...args], {
    cwd,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NO_COLOR: '1', GITHUB_ACTIONS: '', GITHUB_STEP_SUMMARY: '' },
  })
  let stdout = ''
  let stderr = ''
  const waiting = new Set<() => void>()
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
    for (const look of waiting) look()
  })
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
    for (const look of waiting) look()
  })
  const ended = new Promise<Ended>((resolve) => child.once('close', (code) => resolve({ code, stdout, stderr })))
  return {
    child,
    ended,
    printed: (text) =>
      new Promise((resolve, reject) => {
        const look = () => {
          if (!`${stdout}${stderr}`.includes(text)) return
          waiting.delete(look)
          resolve()
        }
        waiting.add(look)
        look()
        void ended.then(() => reject(new Error(`ended without printing '${text}':\n${stdout}\n${stderr}`)))
      }),
  }
}

export const run = (cwd: string, ...args: string[]): Promise<Ended> => start(cwd, ...args).ended

/** A new folder with a plan in it. */
export function folderWith(plan: string, name = 'a.plan.ts'): string {
  const folder = mkdtempSync(join(tmpdir(), 'plimsoll-test-'))
  writeFileSync(join(folder, name), plan)
  return folder
}

/** The folder of the only run that was made in `folder`. */
export function runFolder(folder: string): string {
  const runs = join(folder, '.plimsoll', 'runs')
  const [name] = readdirSync(runs)
  if (name === undefined) throw new Error(`no run in ${runs}`)
  return join(runs, name)
}

// biome-ignore lint/suspicious/noExplicitAny: result.json is checked against its schema elsewhere
export const readJson = (path: string): any => JSON.parse(readFileSync(path, 'utf8'))
