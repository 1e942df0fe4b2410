import { Server } from './server.ts'

/** Totals of the broadcast server at one instant. */
export interface BroadcastTick {
  /** Seconds of the monotonic clock. */
  readonly at: number
  /** Frames sent to members. */
  readonly frames: number
  readonly connections: number
  /** CPU seconds. */
  readonly cpu: number
  readonly members: number
}

/** The broadcast server: every message to every member, over WebSocket and Socket.IO. Needs a C compiler. */
export class BroadcastServer {
  readonly #server: Server
  readonly url: string

  private constructor(server: Server, url: string) {
    this.#server = server
    this.url = url
  }

  /** @param port shared with other servers of this kind: connections are dealt out evenly */
  static async start(core: number | undefined, port = '0'): Promise<BroadcastServer> {
    const { server, url } = await Server.start('broadcast', ['0', '0', port], core)
    return new BroadcastServer(server, url)
  }

  /** The next totals, at most 100 ms away when it is not busy. */
  async tick(): Promise<BroadcastTick> {
    const [at, frames, connections, cpu, members] = (await this.#server.next('tick')).map(Number)
    return {
      at: (at ?? 0) / 1e9,
      frames: frames ?? 0,
      connections: connections ?? 0,
      cpu: (cpu ?? 0) / 1e6,
      members: members ?? 0,
    }
  }

  stop(): Promise<void> {
    return this.#server.stop()
  }
}
