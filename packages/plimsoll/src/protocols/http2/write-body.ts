import type { ClientHttp2Stream } from 'node:http2'
import type { OutgoingBody } from '../http/body.ts'
import { TransportError } from '../http/exchange.ts'

/**
 * Sends a body on a stream as fast as flow control lets it; resolves when its last octet has been handed over.
 * @throws {TransportError} REQUEST_BODY_FAILED when the source throws or gives no bytes
 */
export async function writeBody(
  stream: ClientHttp2Stream,
  body: OutgoingBody,
  stopped: () => boolean,
  sent: (bytes: number) => void,
): Promise<void> {
  const { content } = body
  if (typeof content !== 'function') {
    sent(content.length)
    return finish(stream, typeof content === 'string' ? Buffer.from(content, 'latin1') : content)
  }
  try {
    for await (const piece of content()) {
      if (stopped()) return
      if (!(piece instanceof Uint8Array)) throw new Error(`a piece of the body is no Uint8Array but a ${typeof piece}`)
      sent(piece.byteLength)
      if (!stream.write(piece)) await drained(stream)
      if (stopped()) return
    }
  } catch (error) {
    throw new TransportError('REQUEST_BODY_FAILED', `the body to send failed: ${(error as Error).message}`, error)
  }
  return finish(stream)
}

function finish(stream: ClientHttp2Stream, last?: Uint8Array): Promise<void> {
  return new Promise((resolve) => {
    stream.once('close', resolve)
    stream.end(last, resolve)
  })
}

function drained(stream: ClientHttp2Stream): Promise<void> {
  return new Promise((resolve) => {
    const settle = () => {
      stream.off('drain', settle).off('close', settle)
      resolve()
    }
    stream.on('drain', settle).on('close', settle)
    if (stream.destroyed) settle()
  })
}
