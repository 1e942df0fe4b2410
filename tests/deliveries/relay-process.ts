import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'
import { build } from 'esbuild'
import type { RelayRecord } from './relay/record.ts'
import type { RelayOptions } from './relay/relay.ts'

/** The relay in a process of its own, so that its truth does not wait for whoever asks. */
export class RelayProcess {
  readonly url: string
  readonly #child: ChildProcessByStdio<Writable, Readable, null>

  private constructor(child: ChildProcessByStdio<Writable, Readable, null>, port: string) {
    this.#child = child
    this.url = `http://127.0.0.1:${port}`
  }

  static async start({ seed, members, messages }: RelayOptions): Promise<RelayProcess> {
    const program = await built()
    const child = spawn(process.execPath, [program, ...[seed, members, messages].map(String)], {
      stdio: ['pipe', 'pipe', 'inherit'],
    })
    const [port] = await once(createInterface(child.stdout), 'line')
    return new RelayProcess(child, port)
  }

  async record(): Promise<RelayRecord> {
    const response = await fetch(`${this.url}/record`)
    return (await response.json()) as RelayRecord
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return
    const exited = once(this.#child, 'exit')
    this.#child.kill('SIGKILL')
    await exited
  }
}

/** Node before version 22 runs no TypeScript. */
async function built(): Promise<string> {
  const folder = join(import.meta.dirname, 'dist')
  const outfile = join(folder, 'relay.mjs')
  await mkdir(folder, { recursive: true })
  await build({
    entryPoints: [join(import.meta.dirname, 'relay', 'main.ts')],
    outfile,
    bundle: true,
    packages: 'external',
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    logLevel: 'warning',
  })
  return outfile
}
