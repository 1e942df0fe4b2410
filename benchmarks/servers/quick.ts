import { Server } from './server.ts'

/** Totals of the quick server at one instant. */
export interface Tick {
  /** Seconds of the monotonic clock. */
  readonly at: number
  readonly requests: number
  readonly connections: number
  /** CPU seconds. */
  readonly cpu: number
}

/** The quick server: answers at once and counts. */
export class QuickServer {
  readonly #server: Server
  readonly url: string

  private constructor(server: Server, url: string) {
    this.#server = server
    this.url = url
  }

  static async start(core: number | undefined): Promise<QuickServer> {
    const { server, url } = await Server.start('quick', [], core)
    return new QuickServer(server, url)
  }

  get native(): boolean {
    return this.#server.native
  }

  /** When the first request was read, in seconds of the monotonic clock; waits for it. */
  async firstRequest(): Promise<number> {
    const [at] = await this.#server.heard('first')
    return Number(at) / 1e9
  }

  /** The next totals, at most 100 ms away. */
  async tick(): Promise<Tick> {
    const [at, requests, connections, cpu] = (await this.#server.next('tick')).map(Number)
    return { at: (at ?? 0) / 1e9, requests: requests ?? 0, connections: connections ?? 0, cpu: (cpu ?? 0) / 1e6 }
  }

  stop(): Promise<void> {
    return this.#server.stop()
  }
}
