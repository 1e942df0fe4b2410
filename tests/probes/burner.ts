import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'

/** A process that uses a known amount of CPU on command. */
export class Burner {
  readonly #child: ChildProcessByStdio<Writable, Readable, null>
  readonly #lines: AsyncIterator<string>

  constructor() {
    this.#child = spawn(process.execPath, [join(import.meta.dirname, 'burner.mjs')], {
      stdio: ['pipe', 'pipe', 'inherit'],
    })
    this.#lines = createInterface(this.#child.stdout)[Symbol.asyncIterator]()
  }

  get pid(): number {
    if (this.#child.pid === undefined) throw new Error('the burner did not start')
    return this.#child.pid
  }

  /** Obeys one command: `burn MS`, `fork MS` or `listen`; gives its answer. */
  async tell(command: string): Promise<string> {
    this.#child.stdin.write(`${command}\n`)
    const { value } = await this.#lines.next()
    return value
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return
    const exited = once(this.#child, 'exit')
    this.#child.kill('SIGKILL')
    await exited
  }
}
