import { cpus } from 'node:os'
import { commandOf, findListener } from '../process/listener.ts'
import { ProcessTree } from '../process/tree.ts'

const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|::1)$/

/** The server's first process, when it runs on this machine and not behind a proxy of containers. */
export async function findPostmaster(host: string, port: number): Promise<number | undefined> {
  if (process.platform !== 'linux' || !LOOPBACK.test(host)) return undefined
  const pid = await findListener(port)
  const command = pid === undefined ? undefined : commandOf(pid)
  return command === 'postgres' || command === 'postmaster' ? pid : undefined
}

/**
 * What the server's processes use. Not their memory: each counts the shared buffers that it has touched, so the sum says
 * nothing.
 */
export class ServerProcesses {
  readonly #tree: ProcessTree
  readonly #cores = cpus().length
  #at = performance.now()

  constructor(postmaster: number) {
    this.#tree = new ProcessTree([postmaster], { io: true })
  }

  sample(): Record<string, number> {
    const usage = this.#tree.advance()
    const now = performance.now()
    const seconds = (now - this.#at) / 1000
    this.#at = now
    if (usage === undefined) return {}
    const cores = usage.cpu / seconds
    const { io } = usage
    return {
      cpu: cores / this.#cores,
      cores,
      ...(io && {
        'disk read': io.read / seconds,
        'disk write': io.written / seconds,
        disk: (io.read + io.written) / seconds,
      }),
    }
  }
}
