import { Encoder as MsgpackEncoder } from 'socket.io-msgpack-parser'
import { Encoder } from 'socket.io-parser'
import { TransportError } from '../http/exchange.ts'

const json = new Encoder()
const msgpack = new MsgpackEncoder()

/** What goes into one packet. */
interface OutgoingPacket {
  readonly type: number
  readonly nsp: string
  readonly data?: unknown
  readonly id?: number
}

/**
 * One packet as Engine.IO messages: text, and octets for attachments or msgpack.
 * @throws {TransportError} BAD_REQUEST for values that have no JSON or msgpack
 */
export function encodePacket(packet: OutgoingPacket, parser: 'json' | 'msgpack'): readonly (string | Uint8Array)[] {
  const encoder: { encode(packet: object): unknown } = parser === 'json' ? json : msgpack
  let pieces: unknown[]
  try {
    pieces = encoder.encode({ ...packet }) as unknown[]
  } catch (error) {
    throw new TransportError('BAD_REQUEST', `this cannot be sent: ${(error as Error).message}`, error)
  }
  return pieces.map((piece) => (typeof piece === 'string' ? piece : octetsOf(piece)))
}

function octetsOf(piece: unknown): Uint8Array {
  if (piece instanceof Uint8Array) return piece
  if (piece instanceof ArrayBuffer) return new Uint8Array(piece)
  if (ArrayBuffer.isView(piece)) return new Uint8Array(piece.buffer, piece.byteOffset, piece.byteLength)
  throw new TransportError('BAD_REQUEST', 'a Blob cannot be sent: give its octets')
}
