import type { Millis } from '../../base/units.ts'
import type { TransportError } from '../http/exchange.ts'
import type { SocketClose } from '../websocket/types.ts'

export interface SocketIoSettings {
  /** In the order in which they are tried; with both, polling first means an upgrade, as the official client does it. */
  readonly transports: readonly ('websocket' | 'polling')[]
  /** `/socket.io/` by default. */
  readonly path: string
  readonly namespace: string
  /** Sent in the CONNECT packet; a function is asked anew for every connection. */
  readonly auth: Readonly<Record<string, unknown>> | (() => Readonly<Record<string, unknown>>) | undefined
  readonly query: Readonly<Record<string, string>>
  readonly headers: Readonly<Record<string, string>>
  readonly parser: 'json' | 'msgpack'
  readonly connectTimeout: Millis
  readonly maxMessage: number
  /** Attachments of one packet. */
  readonly maxAttachments: number
  readonly reconnect: ReconnectSettings | undefined
}

/** The official client's back-off: delay × 2ⁿ up to `maxDelay`, each ± `jitter`. */
export interface ReconnectSettings {
  readonly delay: Millis
  readonly maxDelay: Millis
  /** 0 to 1. */
  readonly jitter: number
  readonly attempts: number
}

/** Instants of one connection, 0 where a phase did not happen. */
export interface SocketIoTimes {
  readonly askedAt: Millis
  /** Engine.IO's handshake is done. */
  readonly engineOpenAt: Millis
  /** The namespace is joined: the socket can be used. */
  readonly openAt: Millis
}

/** Told of everything that happens to one socket, in order. */
export interface SocketIoListener {
  /** The namespace is joined. `recovered`: undefined on a first connection, else whether the server restored the state. */
  opened(times: SocketIoTimes, transport: 'websocket' | 'polling', recovered: boolean | undefined): void
  /** Polling gave way to WebSocket. */
  upgraded(at: Millis): void
  /**
   * An event from the server. `args` are its arguments without the event's name. `reply` is set when the server wants
   * an acknowledgement. `bytes`: how long the packet was.
   */
  event(
    name: string,
    args: readonly unknown[],
    at: Millis,
    reply: ((...args: unknown[]) => void) | undefined,
    bytes: number,
  ): void
  /** The connection is gone. `willReconnect`: an attempt follows by itself after `retryIn`. */
  disconnected(close: SocketClose, retryIn: Millis | undefined): void
  /** A try to connect, first or repeated, that failed; `retryIn` as above. */
  connectFailed(error: TransportError, retryIn: Millis | undefined): void
  /** Something the server sent that makes no sense and is only counted: an acknowledgement for an id never sent, … */
  stray(error: TransportError): void
}

/** One acknowledged emit. */
export interface AckListener {
  acknowledged(args: readonly unknown[], at: Millis): void
  failed(error: TransportError): void
}

/** One Socket.IO socket: one namespace on one Engine.IO connection of its own. */
export interface SocketIoConnection {
  readonly state: 'connecting' | 'open' | 'waiting' | 'closed'
  readonly id: string
  readonly transport: 'websocket' | 'polling'
  readonly bufferedAmount: number
  takeTraffic(): { readonly sent: number; readonly received: number }
  /** @throws {TransportError} SOCKET_CLOSED when it is not open: nothing is buffered behind the plan's back */
  emit(event: string, args: readonly unknown[]): void
  /** @throws {TransportError} as `emit`; a missing answer is `failed` with TIMEOUT_ACK, a lost connection with its error */
  emitWithAck(event: string, args: readonly unknown[], timeout: Millis, listener: AckListener): void
  /** A polite close: leaves the namespace, ends Engine.IO; never reconnects. */
  close(): void
  /**
   * Drops the TCP connection as a lost network does. With reconnecting on, the first attempt follows after `offline`
   * (or the back-off's first delay when undefined).
   */
  cut(offline: Millis | undefined): void
  pause(): void
  resume(): void
}
