import type { Millis } from '../../base/units.ts'
import type { TransportError } from '../http/exchange.ts'

/** Who acts on the packets of one namespace. */
export interface PacketSink {
  /** `id` is -1 when the server wants no acknowledgement; `bytes` is the packet's length, attachments included. */
  received(name: string, args: readonly unknown[], id: number, at: Millis, bytes: number): void
  acknowledged(id: number, args: readonly unknown[], at: Millis): void
  /** CONNECT: the namespace is joined. */
  joined(data: unknown, at: Millis): void
  /** CONNECT_ERROR. */
  refused(data: unknown): void
  /** DISCONNECT. */
  left(): void
  /** Something that is no packet, or one that has no business here. Nothing more is read. */
  unreadable(error: TransportError): void
}

/** Reads packets; the counterpart is in packet-writer.ts. */
export interface PacketReader {
  /** A packet that came as text and begins at `start`. */
  text(text: string, start: number, at: Millis): void
  /** Octets: a shared buffer's, valid during the call only. */
  binary(bytes: Uint8Array, at: Millis): void
}
