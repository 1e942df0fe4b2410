import type { Millis } from '../../base/units.ts'
import type { SocketClose } from '../websocket/types.ts'

/** What an Engine.IO transport tells whoever uses it now: the session, or the upgrade that tries it out. */
export interface TransportOwner {
  /** Packets can be sent. */
  transportOpened(): void
  /** A message packet in text; its content begins at `start`. */
  message(text: string, start: number, at: Millis): void
  /** A message packet in octets: a shared buffer's, valid during the call only. */
  binary(bytes: Uint8Array, at: Millis): void
  /** Any other packet, by its name in engine.io-parser; `error` when it is none. */
  control(type: string, data: string | undefined, at: Millis): void
  /** At most once; nothing comes after it. */
  transportClosed(close: SocketClose): void
}

/** Octets, both ways, since they were last asked for. */
export interface Traffic {
  readonly sent: number
  readonly received: number
}

/** One way of carrying Engine.IO packets. */
export interface EngineTransport {
  readonly name: 'websocket' | 'polling'
  readonly bufferedAmount: number
  takeTraffic(): Traffic
  /** Text with its packet type in front, or the octets of a message. */
  send(packet: string | Uint8Array): void
  /** A polite close. The owner hears nothing more. */
  close(): void
  /** Drops the TCP connections. The owner hears nothing more. */
  cut(): void
  pause(): void
  resume(): void
}
