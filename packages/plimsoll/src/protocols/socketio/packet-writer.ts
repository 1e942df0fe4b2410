import { Encoder as MsgpackEncoder } from 'socket.io-msgpack-parser'
import { Encoder, type Packet } from 'socket.io-parser'
import { TransportError } from '../http/exchange.ts'

const json = new Encoder()
const msgpack = new MsgpackEncoder()

/** What goes into one packet; undefined is left out. */
interface OutgoingPacket {
  readonly type: number
  readonly nsp: string
  readonly data?: unknown
  readonly id?: number | undefined
}

/**
 * One packet as Engine.IO messages: text, and octets for attachments or msgpack.
 * @throws {TransportError} BAD_REQUEST for values that have no JSON or msgpack
 */
export function encodePacket(packet: OutgoingPacket, parser: 'json' | 'msgpack'): readonly (string | Uint8Array)[] {
  let pieces: unknown[]
  try {
    pieces = parser === 'json' ? json.encode(packet as Packet) : encodeMsgpack(packet)
  } catch (error) {
    throw new TransportError('BAD_REQUEST', `this cannot be sent: ${(error as Error).message}`, error)
  }
  return pieces.length === 1 && typeof pieces[0] === 'string' ? (pieces as string[]) : pieces.map(pieceOf)
}

/** The parser has no word for undefined, and its type for what it returns is wrong. */
function encodeMsgpack({ type, nsp, data, id }: OutgoingPacket): unknown[] {
  const encoder: { encode(packet: object): unknown } = msgpack
  const fields = data === undefined ? { type, nsp } : { type, nsp, data }
  return encoder.encode(id === undefined ? fields : { ...fields, id }) as unknown[]
}

const pieceOf = (piece: unknown) => (typeof piece === 'string' ? piece : octetsOf(piece))

function octetsOf(piece: unknown): Uint8Array {
  if (piece instanceof Uint8Array) return piece
  if (piece instanceof ArrayBuffer) return new Uint8Array(piece)
  if (ArrayBuffer.isView(piece)) return new Uint8Array(piece.buffer, piece.byteOffset, piece.byteLength)
  throw new TransportError('BAD_REQUEST', 'a Blob cannot be sent: give its octets')
}
