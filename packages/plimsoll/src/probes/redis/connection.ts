import { connect, isIP, type Socket } from 'node:net'
import { command, type Reply, readReply } from './reply.ts'

/** How long Redis may take to connect or to answer, in milliseconds: it is single-threaded, and a command may hold it up. */
const PATIENCE = 4000

/** Redis refused: `code` is the first word of what it said. */
export class RefusedByRedis extends Error {
  readonly code: string

  constructor(text: string) {
    super(text)
    this.code = text.split(' ', 1)[0] ?? ''
  }
}

interface Waiting {
  resolve(reply: Reply): void
  reject(error: Error): void
}

/** One connection to Redis, over which one command at a time is asked. */
export class RedisConnection {
  readonly #socket: Socket
  #received: Buffer = Buffer.alloc(0)
  #waiting: Waiting | undefined
  #lost: Error | undefined

  /** Begins to connect; what goes wrong with that is told by the first `ask`. `rediss:` is TLS. */
  static async open({ protocol, hostname, port }: URL): Promise<RedisConnection> {
    const host = hostname.replace(/^\[|\]$/g, '')
    const target = { host, port: Number(port) || 6379 }
    if (protocol !== 'rediss:') return new RedisConnection(connect(target))
    const tls = await import('node:tls')
    // An address is no name that a certificate could be asked for.
    return new RedisConnection(tls.connect({ ...target, servername: isIP(host) ? '' : host }))
  }

  private constructor(socket: Socket) {
    this.#socket = socket
    this.#socket.setNoDelay(true)
    this.#socket.on('data', (chunk: Buffer) => this.#receive(chunk))
    this.#socket.on('error', (error) => this.#lose(error))
    this.#socket.on('close', () => this.#lose(coded('the connection was closed', 'ECONNRESET')))
  }

  /** @throws {RefusedByRedis} or what happened to the connection */
  async ask(...words: readonly string[]): Promise<string> {
    if (this.#lost !== undefined) throw this.#lost
    const impatience = setTimeout(() => this.#lose(coded('no answer', 'ETIMEDOUT')), PATIENCE)
    const reply = await new Promise<Reply>((resolve, reject) => {
      this.#waiting = { resolve, reject }
      this.#socket.write(command(...words))
    }).finally(() => clearTimeout(impatience))
    if ('error' in reply) throw new RefusedByRedis(reply.error)
    return reply.text
  }

  close(): void {
    this.#socket.destroy()
  }

  #receive(chunk: Buffer): void {
    this.#received = this.#received.length === 0 ? chunk : Buffer.concat([this.#received, chunk])
    try {
      const reply = readReply(this.#received)
      if (reply === undefined) return
      this.#received = Buffer.alloc(0)
      this.#waiting?.resolve(reply)
      this.#waiting = undefined
    } catch (error) {
      this.#lose(error instanceof Error ? error : new Error(String(error)))
    }
  }

  #lose(error: Error): void {
    this.#lost ??= error
    this.#waiting?.reject(this.#lost)
    this.#waiting = undefined
    this.#socket.destroy()
  }
}

const coded = (message: string, code: string): Error => Object.assign(new Error(message), { code })
