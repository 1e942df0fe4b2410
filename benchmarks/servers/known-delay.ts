import { readFile } from 'node:fs/promises'
import { Server } from './server.ts'

export const modes = ['fixed', 'bimodal', 'lognormal', 'stall'] as const
export type Mode = (typeof modes)[number]

/** What the server wrote down of one request, in milliseconds of the monotonic clock. */
export interface Served {
  readonly arrival: number
  readonly due: number
  readonly sent: number
}

/** The server of known delays; its record is there once it has stopped. */
export class KnownDelayServer {
  readonly #server: Server
  readonly #log: string
  readonly url: string

  private constructor(server: Server, url: string, log: string) {
    this.#server = server
    this.#log = log
    this.url = url
  }

  static async start(mode: Mode, log: string, core: number | undefined): Promise<KnownDelayServer> {
    const { server, url } = await Server.start('known-delay', [mode, log], core)
    return new KnownDelayServer(server, url, log)
  }

  async stop(): Promise<readonly Served[]> {
    await this.#server.stop()
    const bytes = await readFile(this.#log)
    const times = new BigInt64Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 8)
    const ms = (index: number) => Number(times[index] ?? 0n) / 1e6
    return Array.from({ length: times.length / 3 }, (_, i) => ({
      arrival: ms(3 * i),
      due: ms(3 * i + 1),
      sent: ms(3 * i + 2),
    }))
  }
}
