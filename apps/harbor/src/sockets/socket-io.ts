import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { Server, type Socket } from 'socket.io'
import type { Principal } from '../accounts/principal.ts'
import type { Outgoing, Prepared } from '../fan-out/prepared.ts'
import { Backlog } from './backlog.ts'
import type { Connection, Ending } from './connection.ts'
import type { Acknowledge, Dispatcher } from './dispatch.ts'

interface Options {
  readonly instance: string | undefined
  readonly maxPayload: number
  readonly origins: readonly string[]
  readonly dispatch: Dispatcher
  readonly opened: (connection: Connection) => void
  readonly authenticate: (socket: Socket) => Promise<Principal | undefined>
}

interface Data {
  principal: Principal
}

type IoSocket = Socket<Record<string, never>, Record<string, never>, Record<string, never>, Data>

/** Packets that wait for a slow client's next poll, or for its socket. */
const mostPackets = 2_000

/** Socket.IO for the events alone: who is in which room, and what reaches it in which order, is `fan-out/`'s matter. */
export function socketIo({ instance, maxPayload, origins, dispatch, opened, authenticate }: Options) {
  // Never listens: the requests come from Fastify's server, which keeps its own.
  const inner = createServer()
  const io = new Server<Record<string, never>, Record<string, never>, Record<string, never>, Data>(inner, {
    path: '/socket.io',
    serveClient: false,
    perMessageDeflate: false,
    httpCompression: false,
    maxHttpBufferSize: maxPayload,
    connectTimeout: 10_000,
    ...(origins.length > 0 && { cors: { origin: [...origins], credentials: true } }),
  })
  // A polling client's requests must all reach the instance of the first: its session's name says which that is.
  const generateId = io.engine.generateId.bind(io.engine)
  if (instance !== undefined) io.engine.generateId = (request: IncomingMessage) => `${instance}.${generateId(request)}`
  io.use((socket, next) => {
    authenticate(socket as unknown as Socket).then(
      (principal) => {
        if (principal === undefined) return next(unauthorized())
        socket.data.principal = principal
        return next()
      },
      () => next(unauthorized()),
    )
  })
  io.on('connection', (socket: IoSocket) => {
    const connection = new IoConnection(socket, socket.handshake.auth['batch'] === true)
    const receive = dispatch(connection)
    socket.onAny((name: string, ...parameters: unknown[]) => {
      const last = parameters.at(-1)
      const acknowledge = typeof last === 'function' ? (last as Acknowledge) : () => undefined
      receive(name, typeof parameters[0] === 'function' ? undefined : parameters[0], acknowledge)
    })
    socket.on('error', () => socket.disconnect(true))
    opened(connection)
  })

  return {
    upgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) =>
      void inner.emit('upgrade', request, socket, head),
    request: (request: IncomingMessage, response: ServerResponse) => void inner.emit('request', request, response),
    close: () => new Promise<void>((resolve) => void io.close(() => resolve())),
  }
}

function unauthorized(): Error {
  const message = 'This needs a sign-in: auth: { token }.'
  return Object.assign(new Error(message), { data: { code: 'unauthorized', message } })
}

class IoConnection implements Connection {
  readonly id: string
  readonly principal: Principal
  readonly userId: string
  readonly batch: boolean
  readonly #socket: IoSocket
  readonly #backlog = new Backlog()

  constructor(socket: IoSocket, batch: boolean) {
    this.#socket = socket
    this.id = socket.id
    this.principal = socket.data.principal
    this.userId = this.principal.userId
    this.batch = batch
  }

  /** Beside Socket.IO's own encoder, which would make each packet again for each receiver. */
  write(prepared: Prepared): void {
    const { conn } = this.#socket
    if (conn.readyState !== 'open') return
    if (conn.transport.name === 'websocket') {
      // One packet with the frames of all, as the adapter of Socket.IO does it with the frame of one.
      conn.write('', { compress: false, wsPreEncodedFrame: [prepared.packetFrames] } as object)
    } else {
      for (const packet of prepared.packets) conn.write(packet, { compress: false })
    }
    if (this.#waits > mostPackets || this.#backlog.isTooLong(this.#bytes)) this.end('slow')
  }

  emit({ event, json }: Outgoing): void {
    this.#socket.conn.write(`2["${event}",${json}]`, { compress: false })
  }

  end(ending: Ending): void {
    // A client that the server disconnects stays away; one whose connection closes comes back.
    if (ending === 'slow' || ending === 'restart') this.#socket.conn.close(ending === 'slow')
    else this.#socket.disconnect(true)
  }

  onClose(listener: () => void): void {
    this.#socket.once('disconnect', listener)
  }

  get #waits(): number {
    return (this.#socket.conn as unknown as { writeBuffer: unknown[] }).writeBuffer.length
  }

  get #bytes(): number {
    const { transport } = this.#socket.conn as unknown as { transport: { socket?: { bufferedAmount?: number } } }
    return transport.socket?.bufferedAmount ?? 0
  }
}
