import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'
import { pinned } from '../harness/machine.ts'
import { inBenchmarks } from '../harness/paths.ts'
import { compiled } from './compile.ts'

export type ServerProgram = 'quick' | 'known-delay' | 'broadcast'

/** A server under load: a process on a core of its own that talks in lines and ends when its stdin does. */
export class Server {
  readonly #process: ChildProcessByStdio<Writable, Readable, null>
  readonly #said = new Map<string, string[]>()
  readonly #waiting = new Map<string, { resolve: () => void; reject: (reason: Error) => void }>()
  /** False for the stand-in in Node. */
  readonly native: boolean

  private constructor(program: ServerProgram, args: readonly string[], core: number | undefined) {
    const binary = compiled(program)
    this.native = binary !== undefined
    if (program === 'broadcast' && binary === undefined) throw new Error('broadcast needs a C compiler: install gcc')
    const command = binary === undefined ? [process.execPath, inBenchmarks(`servers/${program}.mjs`)] : [binary]
    const [file = '', ...rest] = pinned(core, [...command, ...args])
    this.#process = spawn(file, rest, { stdio: ['pipe', 'pipe', 'inherit'] })
    createInterface(this.#process.stdout).on('line', (line) => {
      const [word = '', ...values] = line.split(' ')
      this.#said.set(word, values)
      this.#waiting.get(word)?.resolve()
      this.#waiting.delete(word)
    })
    this.#process.once('exit', (code) => {
      for (const { reject } of this.#waiting.values())
        reject(new Error(`the server ended (${code}) while it was needed`))
    })
  }

  static async start(program: ServerProgram, args: readonly string[], core: number | undefined) {
    const server = new Server(program, args, core)
    const [port = ''] = await server.heard('listening')
    return { server, url: `http://127.0.0.1:${port}/` }
  }

  /** What followed the word the last time that it was said; waits for the first time. */
  async heard(word: string): Promise<readonly string[]> {
    return this.#said.get(word) ?? this.next(word)
  }

  /** What follows the word the next time that it is said. */
  async next(word: string): Promise<readonly string[]> {
    await new Promise<void>((resolve, reject) => this.#waiting.set(word, { resolve, reject }))
    return this.#said.get(word) ?? []
  }

  async stop(): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return
    const exited = once(this.#process, 'exit')
    this.#process.stdin.end()
    await exited
  }
}
