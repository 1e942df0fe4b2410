import { decodePacket } from 'engine.io-parser'
import { type Millis, seconds } from '../../base/units.ts'
import type { SocketClose, WebSocketConnection, WebSocketListener, WebSocketSettings } from '../websocket/types.ts'
import { connectWebSocket } from '../websocket/websocket.ts'
import { closedByServer, lostBy } from './closes.ts'
import type { EngineTransport, Traffic, TransportOwner } from './transport.ts'
import type { SocketIoContext, SocketIoSettings } from './types.ts'

const MESSAGE = 0x34
const CLOSE_TIMEOUT = seconds(2)

/** Engine.IO over WebSocket: one packet a message. */
export class WebSocketTransport implements EngineTransport, WebSocketListener {
  readonly name = 'websocket'
  owner: TransportOwner
  readonly #connection: WebSocketConnection
  #left = false

  /** @throws {TransportError} BAD_REQUEST */
  constructor(context: SocketIoContext, url: string, settings: WebSocketSettings, owner: TransportOwner) {
    this.owner = owner
    this.#connection = connectWebSocket(context, url.replace(/^http/, 'ws'), settings, this)
  }

  get bufferedAmount(): number {
    return this.#connection.bufferedAmount
  }

  takeTraffic(): Traffic {
    return this.#connection.takeTraffic()
  }

  send(packet: string | Uint8Array): void {
    if (this.#connection.state === 'open') this.#connection.send(packet)
  }

  close(): void {
    this.#left = true
    this.#connection.close()
  }

  cut(): void {
    this.#left = true
    this.#connection.cut()
  }

  pause(): void {
    this.#connection.pause()
  }

  resume(): void {
    this.#connection.resume()
  }

  opened(): void {
    if (!this.#left) this.owner.transportOpened()
  }

  message(data: string | Uint8Array, at: Millis): void {
    if (this.#left) return
    if (typeof data !== 'string') this.owner.binary(data, at)
    else if (data.charCodeAt(0) === MESSAGE) this.owner.message(data, 1, at)
    else {
      const packet = decodePacket(data)
      this.owner.control(packet.type, packet.data as string | undefined, at)
    }
  }

  pong(): void {
    // Nobody here sends WebSocket pings: Engine.IO has its own.
  }

  closed({ code, error }: SocketClose): void {
    if (this.#left) return
    this.#left = true
    this.owner.transportClosed(error === undefined ? closedByServer(code) : lostBy(error, code))
  }
}

export const webSocketSettings = ({ headers, connectTimeout, maxMessage }: SocketIoSettings): WebSocketSettings => ({
  subprotocols: [],
  headers,
  deflate: false,
  connectTimeout,
  maxMessage,
  maxFragments: 1024,
  maxControlFrames: 100,
  closeTimeout: CLOSE_TIMEOUT,
})
