import type { Socket } from 'node:net'
import type { OutgoingBody } from '../http/body.ts'
import { TransportError } from '../http/exchange.ts'

const CRLF = '\r\n'

/**
 * Sends a streamed body as fast as the socket takes it; chunked when its length is not known. Stops early, without
 * complaint, when `stopped` says that the exchange is over.
 * @throws {TransportError} REQUEST_BODY_FAILED when the source throws, gives no bytes, or not as many as were announced
 */
export async function upload(
  socket: Socket,
  source: AsyncIterable<Uint8Array>,
  length: OutgoingBody['length'],
  stopped: () => boolean,
  sent: (bytes: number) => void,
): Promise<void> {
  let total = 0
  try {
    for await (const piece of source) {
      if (stopped()) return
      if (!(piece instanceof Uint8Array)) throw new Error(`a piece of the body is no Uint8Array but a ${typeof piece}`)
      if (piece.byteLength === 0) continue
      total += piece.byteLength
      if (length !== undefined && total > length) throw new Error(`it is longer than the ${length} B announced`)
      const roomLeft = length === undefined ? writeChunk(socket, piece, sent) : writePiece(socket, piece, sent)
      if (!roomLeft) await drained(socket)
      if (stopped()) return
    }
    if (length !== undefined && total < length) throw new Error(`it ended after ${total} B of ${length}`)
  } catch (error) {
    throw new TransportError('REQUEST_BODY_FAILED', `the body to send failed: ${(error as Error).message}`, error)
  }
  if (length === undefined) {
    sent(5)
    socket.write('0\r\n\r\n', 'latin1')
  }
}

function writePiece(socket: Socket, piece: Uint8Array, sent: (bytes: number) => void): boolean {
  sent(piece.byteLength)
  return socket.write(piece)
}

function writeChunk(socket: Socket, piece: Uint8Array, sent: (bytes: number) => void): boolean {
  const size = `${piece.byteLength.toString(16)}${CRLF}`
  sent(size.length + piece.byteLength + 2)
  socket.cork()
  socket.write(size, 'latin1')
  socket.write(piece)
  const roomLeft = socket.write(CRLF, 'latin1')
  socket.uncork()
  return roomLeft
}

function drained(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    const settle = () => {
      socket.off('drain', settle).off('close', settle)
      resolve()
    }
    socket.on('drain', settle).on('close', settle)
    if (socket.destroyed) settle()
  })
}
