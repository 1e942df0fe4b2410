import { createServer, type Socket } from 'node:net'
import { onTestFinished } from 'vitest'
import { millis } from '../../packages/plimsoll/src/base/units.ts'
import { acceptOf } from '../../packages/plimsoll/src/protocols/websocket/handshake.ts'
import type {
  HandshakeTimes,
  SocketClose,
  WebSocketConnection,
  WebSocketListener,
  WebSocketSettings,
} from '../../packages/plimsoll/src/protocols/websocket/types.ts'
import { connectWebSocket } from '../../packages/plimsoll/src/protocols/websocket/websocket.ts'
import { createClient, listen } from '../http/harness.ts'

interface Options extends Partial<WebSocketSettings> {
  client?: Parameters<typeof createClient>[1]
  /** Called with each message, before it is remembered. */
  onMessage?: (connection: WebSocketConnection, data: string | Uint8Array) => void
}

/** What one connection was told, with promises of what is to come. */
export class Told implements WebSocketListener {
  readonly messages: (string | Buffer)[] = []
  readonly roundTrips: number[] = []
  readonly closes: SocketClose[] = []
  times: HandshakeTimes | undefined
  subprotocol = ''
  connection: WebSocketConnection | undefined
  onMessage: Options['onMessage']
  #waiting: { readonly when: () => boolean; readonly resolve: () => void }[] = []

  opened(times: HandshakeTimes, subprotocol: string): void {
    this.times = times
    this.subprotocol = subprotocol
    this.#look()
  }

  message(data: string | Uint8Array): void {
    if (this.closes.length > 0) throw new Error('a message after the end')
    if (this.connection !== undefined) this.onMessage?.(this.connection, data)
    this.messages.push(typeof data === 'string' ? data : Buffer.from(data))
    this.#look()
  }

  pong(roundTrip: number): void {
    this.roundTrips.push(roundTrip)
    this.#look()
  }

  closed(close: SocketClose): void {
    this.closes.push(close)
    this.#look()
  }

  /** Settles as soon as it is so; what is told afterwards is looked at each time. */
  until(when: () => boolean): Promise<void> {
    if (when()) return Promise.resolve()
    return new Promise((resolve) => this.#waiting.push({ when, resolve }))
  }

  async open(): Promise<void> {
    await this.until(() => this.times !== undefined || this.closes.length > 0)
    const [close] = this.closes
    if (this.times === undefined) throw new Error(`did not open: ${close?.error?.code} ${close?.error?.message}`)
  }

  async end(): Promise<SocketClose> {
    await this.until(() => this.closes.length > 0)
    return this.closes[0] as SocketClose
  }

  /** `CODE by whom (close code)`. */
  async ending(): Promise<string> {
    const { by, code, error } = await this.end()
    return `${error?.code ?? 'well'} by ${by} (${code})`
  }

  #look(): void {
    const ready = this.#waiting.filter(({ when }) => when())
    this.#waiting = this.#waiting.filter((wait) => !ready.includes(wait))
    for (const { resolve } of ready) resolve()
  }
}

type Client = ReturnType<typeof createClient>

interface Connected extends Pick<Client, 'client' | 'shared'> {
  readonly connection: WebSocketConnection
  readonly told: Told
}

/** One connection, cut when the test ends. */
export function connect(url: string, options: Options = {}): Connected {
  const { client: parts, onMessage, ...settings } = options
  const { client, shared } = createClient('http://127.0.0.1:9', parts)
  const told = new Told()
  told.onMessage = onMessage
  const connection = connectWebSocket(client.dialer, url, { ...defaults, ...settings }, told)
  told.connection = connection
  onTestFinished(() => connection.cut())
  return { connection, told, shared, client }
}

const defaults: WebSocketSettings = {
  subprotocols: [],
  headers: {},
  deflate: false,
  connectTimeout: millis(10_000),
  maxMessage: 1024 * 1024,
  maxFragments: 1000,
  maxControlFrames: 100,
  closeTimeout: millis(5000),
}

/** A server of bare sockets: `answer` gets the head of each handshake. What comes after it is kept. */
export async function bareServer(answer: (socket: Socket, head: string) => void) {
  const heads: string[] = []
  let received = Buffer.alloc(0)
  const server = createServer((socket) => {
    let text = ''
    socket.on('data', (octets) => {
      if (text.endsWith('\r\n\r\n')) {
        received = Buffer.concat([received, octets])
        return
      }
      text += octets.toString('latin1')
      if (!text.endsWith('\r\n\r\n')) return
      heads.push(text)
      answer(socket, text)
    })
  })
  return { url: `ws://127.0.0.1:${await listen(server)}/`, heads, received: () => received }
}

/** A bare server that shakes hands as it should, and leaves the rest to `then`. */
export const frameServer = (then: (socket: Socket) => void, fields = '') =>
  bareServer((socket, head) => {
    socket.write(acceptance(head, fields), 'latin1')
    then(socket)
  })

export const keyOf = (head: string): string => /sec-websocket-key: (\S+)/i.exec(head)?.[1] ?? ''

export const acceptance = (head: string, fields = ''): string =>
  `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
  `Sec-WebSocket-Accept: ${acceptOf(keyOf(head))}\r\n${fields}\r\n`
