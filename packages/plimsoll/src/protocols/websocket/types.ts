import type { Millis } from '../../base/units.ts'
import type { TransportError } from '../http/exchange.ts'

/** How one WebSocket is opened, and what it may take in. Everything has its default filled in. */
export interface WebSocketSettings {
  readonly subprotocols: readonly string[]
  /** Sent with the handshake, besides the client's own and its cookies. */
  readonly headers: Readonly<Record<string, string>>
  /** Offer permessage-deflate (RFC 7692). Costs memory for each connection: see docs/realtime.md. */
  readonly deflate: boolean
  /** From the call to the end of the handshake. */
  readonly connectTimeout: Millis
  /** The longest message that is accepted, decoded, in bytes. */
  readonly maxMessage: number
  /** Frames of one message. */
  readonly maxFragments: number
  /** Pings and pongs that the peer may send within a second, before it counts as a flood. */
  readonly maxControlFrames: number
  /** How long the peer gets to answer a close frame. */
  readonly closeTimeout: Millis
}

/** How a connection ended. */
export interface SocketClose {
  /** RFC 6455 §7.4; 1005 when the peer gave none, 1006 when there was no close frame. */
  readonly code: number
  readonly reason: string
  /** Who began it: `cut` is our own dropping of the TCP connection. */
  readonly by: 'us' | 'peer' | 'cut' | 'failure'
  /**
   * Set when `by` is `failure`; when the TCP connection broke without a close frame (CONNECTION_CLOSED, CONNECTION_RESET),
   * or a close frame cut a message short (CONNECTION_CLOSED); and when the peer did not answer our close frame
   * (TIMEOUT_CLOSE, by us).
   */
  readonly error: TransportError | undefined
}

/** Instants of a handshake, on the monotonic clock; 0 where a phase did not happen. */
export interface HandshakeTimes {
  readonly askedAt: Millis
  readonly connectEnd: Millis
  readonly tlsEnd: Millis
  readonly openAt: Millis
}

export interface WebSocketListener {
  /** The connection stands. */
  opened(times: HandshakeTimes, subprotocol: string): void
  /**
   * One whole message, also between our close frame and the peer's. Bytes are a view of a shared buffer, valid during
   * the call only. `at`: when its last octet was read.
   */
  message(data: string | Uint8Array, at: Millis): void
  /** A pong that answers our ping. */
  pong(roundTrip: Millis): void
  /** Exactly once, whether it had opened or not; nothing comes after it. Within `cut`, and within `close` before it is open. */
  closed(close: SocketClose): void
}

/** One client connection, from `connectWebSocket`. */
export interface WebSocketConnection {
  readonly state: 'connecting' | 'open' | 'closing' | 'closed'
  /** Octets accepted by `send` that the system has not taken yet. */
  readonly bufferedAmount: number
  /** Octets of frames, both ways, since the last call, the handshake not counted: for the traffic's totals. */
  takeTraffic(): { readonly sent: number; readonly received: number }
  /**
   * Sends text or binary. False when the system's buffer is full: `drained` then tells when to go on.
   * @throws {TransportError} SOCKET_CLOSED when it is not open
   */
  send(data: string | Uint8Array): boolean
  /** Settles when all that was sent has been taken by the system, or the connection is closed. */
  drained(): Promise<void>
  /** Does nothing when it is not open. */
  ping(): void
  /**
   * A polite close: sends a close frame, waits for the peer's, reads on if it was paused. 1000 when no code is given.
   * @throws {TransportError} BAD_REQUEST for a code that may not be sent, and for a reason of more than 123 B
   */
  close(code?: number, reason?: string): void
  /** Drops the TCP connection (RST where the system can), no close frame: as a lost network does. */
  cut(): void
  /** Stops reading, so that the peer's buffers fill; no message follows until `resume`. */
  pause(): void
  resume(): void
}
