import { TransportError } from '../http/exchange.ts'
import { type BodySink, ChunkDecoder } from './chunks.ts'
import { ResponseHead } from './head.ts'

/** What a parser tells while it is fed. The octets belong to the caller: what is to last must be copied. */
export interface ResponseSink extends BodySink {
  /** An interim response (100 to 199) was read and dropped. */
  informational(status: number): void
  /**
   * The final response's head, blank line included; `parser.head` holds what it says. The body's octets are in the
   * same array from `end` to `limit`, and will be told of as well.
   */
  headRead(bytes: Uint8Array, start: number, end: number, limit: number): void
}

/** Interim responses before one final response; more are an attack or a fault. */
const MAX_INTERIM = 32

const HEAD = 0
const FIXED = 1
const UNTIL_CLOSE = 2
const CHUNKED = 3

/**
 * Reads one HTTP/1.x response after the other from octets that come in pieces of any size (RFC 9112). A head that
 * arrives whole is read where it lies, in one pass; one that is cut is gathered first.
 */
export class ResponseParser {
  readonly head = new ResponseHead()
  /** The response has been read to its last octet. */
  complete = false
  readonly #sink: ResponseSink
  readonly #maxHeaders: number
  #state = HEAD
  #bodiless = false
  #interim = 0
  #remaining = 0
  #chunks: ChunkDecoder | undefined
  /** A head that has not arrived in full: its octets so far, and where its first unread line begins. */
  #gathered: Buffer | undefined
  #gatheredLength = 0
  #lineStart = 0

  constructor(sink: ResponseSink, maxHeaders: number) {
    this.#sink = sink
    this.#maxHeaders = maxHeaders
  }

  /** Makes ready for the next response. `bodiless`: it answers HEAD. */
  begin(bodiless: boolean): void {
    this.head.reset()
    this.complete = false
    this.#state = HEAD
    this.#bodiless = bodiless
    this.#interim = 0
    this.#forgetGathered()
  }

  /** Length of the response's body; -1 when only its end will tell. */
  get bodyLength(): number {
    return this.complete ? 0 : this.#state === FIXED ? this.head.contentLength : -1
  }

  /** Whether the connection may carry another exchange after this response (RFC 9112 §9.3). */
  get persistent(): boolean {
    const { head } = this
    if (this.#state === UNTIL_CLOSE || head.close) return false
    return head.minorVersion === 1 || head.keepAlive
  }

  /**
   * Reads on; returns where it stopped: `end`, or just behind the response, which is then `complete`. Folded lines are
   * unfolded in `bytes` itself.
   * @throws {TransportError} MALFORMED_…, HEADERS_TOO_LARGE, UNEXPECTED_DATA, and what the sink throws
   */
  feed(bytes: Uint8Array, start: number, end: number): number {
    let pos = start
    while (pos < end && !this.complete) {
      if (this.#state === HEAD) {
        pos = this.#gatheredLength === 0 ? this.#readHead(bytes, pos, end) : this.#gatherOn(bytes, pos, end)
      } else if (this.#state === FIXED) {
        const stop = Math.min(end, pos + this.#remaining)
        this.#remaining -= stop - pos
        if (this.#remaining === 0) this.complete = true
        this.#sink.body(bytes, pos, stop)
        pos = stop
      } else if (this.#state === UNTIL_CLOSE) {
        this.#sink.body(bytes, pos, end)
        pos = end
      } else {
        const chunks = (this.#chunks ??= new ChunkDecoder(this.#maxHeaders))
        pos = chunks.feed(bytes, pos, end, this.#sink)
        this.complete = chunks.done
      }
    }
    return pos
  }

  /** The other side has closed. True when that was how the response ends. */
  close(): boolean {
    if (this.#state === UNTIL_CLOSE) this.complete = true
    return this.complete
  }

  #readHead(bytes: Uint8Array, start: number, end: number): number {
    const lineStart = this.head.readLines(bytes, start, end)
    if (this.head.end >= 0) {
      this.#headDone(bytes, start, this.head.end, end)
      return lineStart
    }
    this.#checkSize(end - start)
    this.#gathered = Buffer.allocUnsafe(Math.max(1024, (end - start) * 2))
    this.#gathered.set(bytes.subarray(start, end))
    this.#gatheredLength = end - start
    this.#lineStart = lineStart - start
    return end
  }

  #gatherOn(bytes: Uint8Array, start: number, end: number): number {
    const before = this.#gatheredLength
    const gathered = this.#gather(bytes, start, end)
    this.#lineStart = this.head.readLines(gathered, this.#lineStart, this.#gatheredLength)
    const headEnd = this.head.end
    if (headEnd < 0) {
      this.#checkSize(this.#gatheredLength)
      return end
    }
    this.#forgetGathered()
    this.#headDone(gathered, 0, headEnd, headEnd)
    return start + headEnd - before
  }

  #gather(bytes: Uint8Array, start: number, end: number): Buffer {
    const length = this.#gatheredLength + end - start
    let gathered = this.#gathered
    if (gathered === undefined || gathered.length < length) {
      const larger = Buffer.allocUnsafe(length * 2)
      gathered?.copy(larger, 0, 0, this.#gatheredLength)
      gathered = larger
      this.#gathered = larger
    }
    gathered.set(bytes.subarray(start, end), this.#gatheredLength)
    this.#gatheredLength = length
    return gathered
  }

  #headDone(bytes: Uint8Array, start: number, end: number, limit: number): void {
    const { head } = this
    this.#checkSize(end - start)
    if (head.chunked && head.contentLength >= 0) {
      throw new TransportError('MALFORMED_LENGTH', 'both a transfer coding and a content length')
    }
    if (head.status < 200) {
      this.#interimDone(head.status)
      return
    }
    const { contentLength, status } = head
    if (this.#bodiless || status === 204 || status === 304 || (contentLength === 0 && !head.chunked)) {
      this.complete = true
    } else if (head.chunked) {
      this.#chunks?.reset()
      this.#state = CHUNKED
    } else if (contentLength > 0) {
      this.#remaining = contentLength
      this.#state = FIXED
    } else {
      this.#state = UNTIL_CLOSE
    }
    this.#sink.headRead(bytes, start, end, limit)
  }

  #interimDone(status: number): void {
    if (status === 101) throw new TransportError('UNEXPECTED_DATA', 'the server switched protocols without being asked')
    if (++this.#interim > MAX_INTERIM) {
      throw new TransportError('HEADERS_TOO_LARGE', `more than ${MAX_INTERIM} interim responses`)
    }
    this.head.reset()
    this.#sink.informational(status)
  }

  #checkSize(size: number): void {
    if (size > this.#maxHeaders) {
      throw new TransportError('HEADERS_TOO_LARGE', `the answer's head is longer than ${this.#maxHeaders} B`)
    }
  }

  #forgetGathered(): void {
    this.#gathered = undefined
    this.#gatheredLength = 0
    this.#lineStart = 0
  }
}
