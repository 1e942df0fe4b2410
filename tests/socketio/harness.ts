import { createServer, type Server as HttpServer } from 'node:http'
import { createRequire } from 'node:module'
import { Server, type ServerOptions } from 'socket.io'
import { onTestFinished } from 'vitest'
import type { FakeClock } from '../../packages/plimsoll/src/base/fake-clock.ts'
import { type Millis, millis } from '../../packages/plimsoll/src/base/units.ts'
import { ClientShared } from '../../packages/plimsoll/src/protocols/http/client.ts'
import { Cookies } from '../../packages/plimsoll/src/protocols/http/cookies.ts'
import type { TransportError } from '../../packages/plimsoll/src/protocols/http/exchange.ts'
import type { ClientSettings } from '../../packages/plimsoll/src/protocols/http/types.ts'
import { connectSocketIo } from '../../packages/plimsoll/src/protocols/socketio/socketio.ts'
import type {
  ReconnectSettings,
  SocketIoConnection,
  SocketIoListener,
  SocketIoSettings,
  SocketIoTimes,
} from '../../packages/plimsoll/src/protocols/socketio/types.ts'
import type { SocketClose } from '../../packages/plimsoll/src/protocols/websocket/types.ts'
import { listen, timeouts } from '../http/harness.ts'

export type Entry =
  | readonly ['opened', transport: string, recovered: boolean | undefined]
  | readonly ['upgraded']
  | readonly ['event', name: string, ...args: unknown[]]
  | readonly ['disconnected', reason: string, by: SocketClose['by'], error: string | undefined, comesBack: boolean]
  | readonly ['failed', code: string, comesBack: boolean]
  | readonly ['stray', code: string]

/** Remembers what a socket told, in order. */
export class Log implements SocketIoListener {
  readonly entries: Entry[] = []
  readonly times: SocketIoTimes[] = []
  readonly errors: TransportError[] = []
  readonly retries: (Millis | undefined)[] = []
  onEvent: (name: string, args: readonly unknown[], reply: ((...args: unknown[]) => void) | undefined) => void =
    () => {}
  #waiting: { isThere: () => boolean; resolve: () => void } | undefined

  opened(times: SocketIoTimes, transport: string, recovered: boolean | undefined): void {
    this.times.push(times)
    this.#add(['opened', transport, recovered])
  }

  upgraded(): void {
    this.#add(['upgraded'])
  }

  event(name: string, args: readonly unknown[], _at: Millis, reply: ((...args: unknown[]) => void) | undefined): void {
    this.onEvent(name, args, reply)
    this.#add(['event', name, ...args])
  }

  disconnected({ reason, by, error }: SocketClose, retryIn: Millis | undefined): void {
    this.retries.push(retryIn)
    this.#add(['disconnected', reason, by, error?.code, retryIn !== undefined])
  }

  connectFailed(error: TransportError, retryIn: Millis | undefined): void {
    this.errors.push(error)
    this.retries.push(retryIn)
    this.#add(['failed', error.code, retryIn !== undefined])
  }

  stray(error: TransportError): void {
    this.errors.push(error)
    this.#add(['stray', error.code])
  }

  count(what: Entry[0]): number {
    return this.entries.filter(([kind]) => kind === what).length
  }

  events(name?: string): unknown[] {
    return this.entries
      .filter(([kind, event]) => kind === 'event' && (name ?? event) === event)
      .map((entry) => entry[2])
  }

  /** Settles once there are so many entries of a kind, or the condition holds after an entry. */
  until(what: Entry[0] | (() => boolean), times = 1): Promise<void> {
    const isThere = typeof what === 'function' ? what : () => this.count(what) >= times
    if (isThere()) return Promise.resolve()
    return new Promise((resolve) => {
      this.#waiting = { isThere, resolve }
    })
  }

  #add(entry: Entry): void {
    this.entries.push(entry)
    if (this.#waiting?.isThere()) this.#waiting.resolve()
  }
}

const httpSettings: ClientSettings = {
  version: 1,
  timeout: timeouts(),
  headers: {},
  redirects: 10,
  connections: 6,
  keepAlive: true,
  decompress: true,
  maxBody: 16 * 1024 * 1024,
  maxHeaders: 64 * 1024,
  cookies: true,
  socketPath: undefined,
  tls: {
    ca: undefined,
    cert: undefined,
    key: undefined,
    passphrase: undefined,
    servername: undefined,
    rejectUnauthorized: true,
  },
}

/** Comes back at once: what the back-off's times are is tested on fake time. */
export const soon: ReconnectSettings = {
  delay: millis(5),
  maxDelay: millis(5),
  jitter: 0,
  attempts: Number.POSITIVE_INFINITY,
}

export interface Client {
  readonly socket: SocketIoConnection
  readonly log: Log
  readonly shared: ClientShared
}

interface ClientOptions extends Partial<SocketIoSettings> {
  readonly clock?: FakeClock
  readonly allowHost?: (hostname: string) => boolean
}

/** A socket that remembers, and is closed when the test ends. */
export function connect(origin: string, { clock, allowHost = () => true, ...options }: ClientOptions = {}): Client {
  const shared = new ClientShared({ allowHost, ...(clock === undefined ? {} : { clock }) })
  const log = new Log()
  const socket = connectSocketIo(
    { shared, settings: httpSettings, localAddress: undefined, cookies: new Cookies(), random: () => 0.5 },
    origin,
    {
      transports: ['websocket'],
      path: '/socket.io/',
      namespace: '/',
      auth: undefined,
      query: {},
      headers: {},
      parser: 'json',
      connectTimeout: millis(10_000),
      maxMessage: 1_000_000,
      maxAttachments: 10,
      reconnect: undefined,
      ...options,
    },
    log,
  )
  onTestFinished(() => {
    socket.close()
    shared.close()
  })
  return { socket, log, shared }
}

/** Sends, and settles with the acknowledgement's arguments or rejects with its error. */
export const request = (socket: SocketIoConnection, event: string, args: readonly unknown[], timeout = 5000) =>
  new Promise<readonly unknown[]>((resolve, reject) =>
    socket.emitWithAck(event, args, millis(timeout), { acknowledged: resolve, failed: reject }),
  )

type ServerClass = new (server: ReturnType<typeof createServer>, options: Partial<ServerOptions>) => Server

const legacy = createRequire(new URL('./legacy-server/package.json', import.meta.url))

/** The server's class, of this major and of the last one. */
export const serverClasses: Readonly<Record<string, () => ServerClass>> = {
  'socket.io 4': () => Server as unknown as ServerClass,
  'socket.io 3': () => (legacy('socket.io') as { Server: ServerClass }).Server,
}

/** A Socket.IO server on a free port, until the test ends. */
export async function serve(
  options: Partial<ServerOptions> = {},
  createClass = serverClasses['socket.io 4'],
): Promise<{ io: Server; http: HttpServer; url: string }> {
  const http = createServer()
  const ServerOfMajor = (createClass as () => ServerClass)()
  const io = new ServerOfMajor(http, options)
  const port = await listen(http)
  return { io, http, url: `http://127.0.0.1:${port}` }
}
