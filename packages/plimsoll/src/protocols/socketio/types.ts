import type { Millis } from '../../base/units.ts'
import type { Dialer } from '../http/dialer.ts'
import type { TransportError } from '../http/exchange.ts'
import type { SocketClose } from '../websocket/types.ts'

/** What the user's connections have in common, and the source of the jitter: in [0, 1). */
export interface SocketIoContext extends Dialer {
  readonly random: () => number
}

export interface SocketIoSettings {
  /**
   * The first is used; polling is then upgraded to WebSocket when that is named as well. As with the official client,
   * a first transport that fails is a failed attempt: falling back would hide it.
   */
  readonly transports: readonly ('websocket' | 'polling')[]
  /** `/socket.io/` by default. */
  readonly path: string
  readonly namespace: string
  /** Sent in the CONNECT packet; a function is asked anew for every connection. */
  readonly auth: Readonly<Record<string, unknown>> | (() => Readonly<Record<string, unknown>>) | undefined
  readonly query: Readonly<Record<string, string>>
  readonly headers: Readonly<Record<string, string>>
  readonly parser: 'json' | 'msgpack'
  /** From the call to the joined namespace, for every attempt. */
  readonly connectTimeout: Millis
  /** The longest packet that is accepted, attachments included, in octets. */
  readonly maxMessage: number
  /** Attachments of one packet. */
  readonly maxAttachments: number
  readonly reconnect: ReconnectSettings | undefined
}

/** The official client's back-off: delay × 2ⁿ, each ± `jitter`, up to `maxDelay`. */
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

/**
 * Told of everything that happens to one socket, in order. What a server sends against the protocol ends its connection:
 * `disconnected` with MALFORMED_PACKET, TOO_MANY_ATTACHMENTS, MESSAGE_TOO_LARGE, UNKNOWN_ACK for an acknowledgement of an
 * id never sent, UNKNOWN_NAMESPACE for one never joined, CONTROL_FLOOD, TIMEOUT_HEARTBEAT. An acknowledgement that comes
 * late, or twice, changes nothing.
 */
export interface SocketIoListener {
  /** The namespace is joined. `recovered`: undefined on a first connection, else whether the server restored the state. */
  opened(times: SocketIoTimes, transport: 'websocket' | 'polling', recovered: boolean | undefined): void
  /** Polling gave way to WebSocket. */
  upgraded(at: Millis): void
  /**
   * An event from the server. `args` are its arguments without the event's name. `reply` is set when the server wants
   * an acknowledgement; it may be called once, and does nothing on a connection that is gone. `bytes`: how long the
   * packet was, text counted in characters. With connection-state recovery the last argument is the server's offset, as
   * the official client hands it over too.
   */
  event(
    name: string,
    args: readonly unknown[],
    at: Millis,
    reply: ((...args: unknown[]) => void) | undefined,
    bytes: number,
  ): void
  /**
   * The connection is gone; an attempt to come back follows by itself after `retryIn`. `close.reason` is what the official
   * client says: `io server disconnect`, `io client disconnect`, `ping timeout`, `transport close`, `transport error`,
   * `parse error`. What the server did to its own namespace, and what we did, is never come back from.
   */
  disconnected(close: SocketClose, retryIn: Millis | undefined): void
  /**
   * A try to connect, first or repeated, that failed; `retryIn` as above. What another attempt would not change is not
   * tried again: SOCKETIO_REFUSED, BAD_REQUEST, HOST_NOT_ALLOWED.
   */
  connectFailed(error: TransportError, retryIn: Millis | undefined): void
  /** Something that is only counted, and changes nothing: an upgrade to WebSocket that failed, so that polling goes on. */
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
  /**
   * Octets both ways since the last call: of WebSocket frames, of the handshake where that counts them, and of whole HTTP
   * requests and answers when polling (counted when they end).
   */
  takeTraffic(): { readonly sent: number; readonly received: number }
  /**
   * @returns how long the packet is
   * @throws {TransportError} SOCKET_CLOSED when it is not open: nothing is buffered behind the plan's back
   */
  emit(event: string, args: readonly unknown[]): number
  /** @throws {TransportError} as `emit`; a missing answer is `failed` with TIMEOUT_ACK, a lost connection with its error */
  emitWithAck(event: string, args: readonly unknown[], timeout: Millis, listener: AckListener): number
  /**
   * A polite close: leaves the namespace, ends Engine.IO; never reconnects. An open socket tells `disconnected` before
   * this returns, one that is connecting or waiting tells nothing more.
   */
  close(): void
  /**
   * Drops the TCP connection as a lost network does. With reconnecting on, the first attempt follows after `offline`
   * (or the back-off's first delay when undefined).
   */
  cut(offline: Millis | undefined): void
  /**
   * Stops reading while the socket is open, and again whenever it opens, until `resume`. The heartbeat rests meanwhile.
   * When polling, the answer to the GET under way is still read.
   */
  pause(): void
  resume(): void
}
