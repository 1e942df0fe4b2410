import { constants, type InflateRaw, inflateRawSync } from 'node:zlib'
import { TransportError } from '../http/exchange.ts'

/** The end of a flushed block, which senders leave out (RFC 7692 §7.2.1). */
const TAIL = Buffer.from([0x00, 0x00, 0xff, 0xff])
const nothing = Buffer.alloc(0)

/** With `info`, which the types of Node do not know. */
interface Inflated {
  readonly buffer: Buffer
  readonly engine: InflateRaw
}

/**
 * Decompresses one connection's messages at once, so that they stay in order. Nothing of zlib's is kept between them,
 * only what later messages may refer to: measured, 33 KB a connection once it has received so much (with windows of 15
 * bits), in step with what it has received before, and nothing when the server agreed to begin each message anew. An
 * inflater of zlib's own takes 27 KB from the first message on, and its window besides.
 */
export class Inflater {
  readonly #window: number
  #history = nothing

  /** @param window how many octets of earlier messages the server may refer to */
  constructor(window: number) {
    this.#window = window
  }

  /** @throws {TransportError} MESSAGE_TOO_LARGE when it grows beyond `most` bytes, MALFORMED_DEFLATE */
  inflate(payload: Buffer, most: number): Buffer {
    const message = inflateOnce(Buffer.concat([payload, TAIL]), this.#history, most)
    if (this.#window > 0) this.#remember(message)
    return message
  }

  #remember(message: Buffer): void {
    const fresh = Math.min(message.length, this.#window)
    const kept = Math.min(this.#history.length, this.#window - fresh)
    const history = Buffer.allocUnsafeSlow(kept + fresh)
    this.#history.copy(history, 0, this.#history.length - kept)
    message.copy(history, kept, message.length - fresh)
    this.#history = history
  }
}

function inflateOnce(input: Buffer, dictionary: Buffer, most: number): Buffer {
  try {
    const { buffer, engine } = inflateRawSync(input, {
      finishFlush: constants.Z_SYNC_FLUSH,
      maxOutputLength: Math.max(1, most),
      info: true,
      ...(dictionary.length === 0 ? {} : { dictionary }),
    }) as unknown as Inflated
    if (input.length - engine.bytesWritten > TAIL.length + 1) {
      throw new TransportError('MALFORMED_DEFLATE', 'a compressed message goes on after its final block')
    }
    return buffer
  } catch (error) {
    if (error instanceof TransportError) throw error
    const { code, message } = error as NodeJS.ErrnoException
    throw code === 'ERR_BUFFER_TOO_LARGE'
      ? new TransportError('MESSAGE_TOO_LARGE', `a compressed message is longer than ${most} B`, error)
      : new TransportError('MALFORMED_DEFLATE', `a compressed message is damaged: ${message}`, error)
  }
}
