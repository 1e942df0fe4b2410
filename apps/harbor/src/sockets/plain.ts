import { randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { type WebSocket, WebSocketServer } from 'ws'
import type { Principal } from '../accounts/principal.ts'
import { Prepared } from '../fan-out/prepared.ts'
import { Backlog } from './backlog.ts'
import type { Connection, Ending } from './connection.ts'
import type { Dispatcher } from './dispatch.ts'

/** RFC 6455, section 7.4, and the registry of close codes. */
const codes: Readonly<Record<Ending, number>> = { slow: 1013, restart: 1012, offences: 1008, 'session-ended': 1008 }

/** In milliseconds. */
const pingEvery = 25_000

interface Options {
  readonly maxPayload: number
  readonly dispatch: Dispatcher
  readonly opened: (connection: Connection) => void
}

/** WebSockets without Socket.IO: JSON frames `{ type, id, … }`, acknowledged by `{ type: "ack", id, … }`. */
export function plainSockets({ maxPayload, dispatch, opened }: Options) {
  const server = new WebSocketServer({ noServer: true, maxPayload, perMessageDeflate: false, clientTracking: true })
  const alive = new WeakSet<WebSocket>()
  const pinging = setInterval(() => {
    for (const webSocket of server.clients) {
      if (!alive.delete(webSocket)) webSocket.terminate()
      else webSocket.ping()
    }
  }, pingEvery).unref()

  function serve(webSocket: WebSocket, socket: Duplex, principal: Principal, batch: boolean): void {
    const connection = new PlainConnection(webSocket, socket, principal, batch)
    const receive = dispatch(connection)
    alive.add(webSocket)
    webSocket.on('pong', () => alive.add(webSocket))
    webSocket.on('error', () => webSocket.terminate())
    webSocket.on('message', (data, isBinary) => {
      alive.add(webSocket)
      const frame = isBinary ? undefined : readFrame(String(data))
      const { type, id, ...payload } = frame ?? {}
      const hasId = typeof id === 'number' || typeof id === 'string'
      receive(type, payload, (answer) => {
        // Who sends no id asks for no answer, but is told what went wrong.
        if (hasId || answer['ok'] !== true) connection.send({ type: 'ack', id: hasId ? id : null, ...answer })
      })
    })
    opened(connection)
  }

  return {
    upgrade(request: IncomingMessage, socket: Duplex, head: Buffer, principal: Principal, batch: boolean): void {
      server.handleUpgrade(request, socket, head, (webSocket) => serve(webSocket, socket, principal, batch))
    },
    close(): void {
      clearInterval(pinging)
      for (const webSocket of server.clients) webSocket.terminate()
    },
  }
}

function readFrame(text: string): Record<string, unknown> | undefined {
  try {
    const frame: unknown = JSON.parse(text)
    return typeof frame === 'object' && frame !== null && !Array.isArray(frame)
      ? (frame as Record<string, unknown>)
      : undefined
  } catch {
    return undefined
  }
}

class PlainConnection implements Connection {
  readonly id = randomUUID()
  readonly principal: Principal
  readonly userId: string
  readonly batch: boolean
  readonly #webSocket: WebSocket
  readonly #socket: Duplex
  readonly #backlog = new Backlog()

  constructor(webSocket: WebSocket, socket: Duplex, principal: Principal, batch: boolean) {
    this.#webSocket = webSocket
    this.#socket = socket
    this.principal = principal
    this.userId = principal.userId
    this.batch = batch
  }

  /** Without compression, ws writes each of its own frames at once; so whole frames may be written beside it. */
  write({ frames }: Prepared): void {
    if (this.#webSocket.readyState !== this.#webSocket.OPEN) return
    this.#socket.write(frames)
    this.#check()
  }

  emit(outgoing: { readonly event: string; readonly json: string }): void {
    this.write(new Prepared([outgoing]))
  }

  send(frame: object): void {
    if (this.#webSocket.readyState !== this.#webSocket.OPEN) return
    this.#webSocket.send(JSON.stringify(frame))
    this.#check()
  }

  end(ending: Ending): void {
    this.#webSocket.close(codes[ending], ending)
    // Behind megabytes that nobody reads, the close frame would never arrive.
    if (ending === 'slow') setTimeout(() => this.#webSocket.terminate(), 2_000).unref()
  }

  onClose(listener: () => void): void {
    this.#webSocket.once('close', listener)
  }

  #check(): void {
    if (this.#backlog.isTooLong(this.#socket.writableLength)) this.end('slow')
  }
}
