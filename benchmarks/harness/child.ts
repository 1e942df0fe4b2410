import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { pinned } from './machine.ts'
import { scratch } from './scratch.ts'

export interface Command {
  readonly argv: readonly string[]
  readonly env?: Readonly<Record<string, string>>
}

export interface Ended {
  /** Undefined when a signal ended it. */
  readonly code: number | undefined
  readonly stdout: string
  readonly stderr: string
}

/** A program in a process group of its own, so that all of it can be ended. */
export class Child {
  readonly #process: ChildProcess
  readonly #ended: Promise<Ended>

  constructor({ argv, env }: Command, core: number | undefined) {
    const [program = '', ...args] = pinned(core, argv)
    this.#process = spawn(program, args, {
      cwd: scratch,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    })
    running.add(this)
    this.#ended = this.#collect().finally(() => running.delete(this))
  }

  get pid(): number {
    return this.#process.pid ?? Number.NaN
  }

  /** Waits for the end; after `limit` milliseconds makes it. */
  async end(limit = 0): Promise<Ended> {
    const timer = setTimeout(() => this.kill(), limit)
    try {
      return await this.#ended
    } finally {
      clearTimeout(timer)
    }
  }

  kill(): void {
    try {
      process.kill(-this.pid, 'SIGKILL')
    } catch {
      // It has ended by itself.
    }
  }

  async #collect(): Promise<Ended> {
    let stdout = ''
    let stderr = ''
    this.#process.stdout?.setEncoding('utf8').on('data', (text: string) => {
      stdout += text
    })
    this.#process.stderr?.setEncoding('utf8').on('data', (text: string) => {
      stderr += text
    })
    const [code] = await once(this.#process, 'close')
    return { code: code ?? undefined, stdout, stderr }
  }
}

const running = new Set<Child>()
const endAll = () => {
  for (const child of running) child.kill()
}
process.on('exit', endAll)
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    endAll()
    process.exit(130)
  })
}
