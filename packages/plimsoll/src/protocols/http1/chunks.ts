import { TransportError } from '../http/exchange.ts'
import { COLON, CR, LF, SEMICOLON, TOKEN, VALUE } from './octets.ts'

/** Where a chunked body's octets go. */
export interface BodySink {
  body(bytes: Uint8Array, start: number, end: number): void
}

/** Extensions mean nothing to us: a message may spend this many octets on them, as Node's own parser allows. */
const MAX_EXTENSIONS = 16 * 1024
/** 13 hex digits are 2^52 - 1: below the largest exact integer. */
const MAX_DIGITS = 13

const SIZE = 0
const EXTENSION = 1
const SIZE_LF = 2
const DATA = 3
const DATA_CR = 4
const DATA_LF = 5
const TRAILER_START = 6
const TRAILER_NAME = 7
const TRAILER_VALUE = 8
const TRAILER_LF = 9
const LAST_LF = 10

/**
 * The chunked transfer coding (RFC 9112 §7.1), fed in pieces of any size. Strict: every line ends in CRLF, sizes are
 * plain hex digits. Trailer fields are checked, counted against the limit of headers, and dropped.
 */
export class ChunkDecoder {
  done = false
  #state = SIZE
  #digits = 0
  #remaining = 0
  #extensions = 0
  #trailers = 0
  readonly #maxTrailers: number

  constructor(maxTrailers: number) {
    this.#maxTrailers = maxTrailers
  }

  reset(): void {
    this.done = false
    this.#state = SIZE
    this.#digits = 0
    this.#remaining = 0
    this.#extensions = 0
    this.#trailers = 0
  }

  /**
   * Reads on from `pos`; returns where it stopped: `end`, or just behind the body.
   * @throws {TransportError} MALFORMED_CHUNK, HEADERS_TOO_LARGE, and what the sink throws
   */
  feed(bytes: Uint8Array, start: number, end: number, sink: BodySink): number {
    let pos = start
    while (pos < end) {
      if (this.#state === DATA) {
        const stop = Math.min(end, pos + this.#remaining)
        this.#remaining -= stop - pos
        if (this.#remaining === 0) this.#state = DATA_CR
        sink.body(bytes, pos, stop)
        pos = stop
      } else {
        this.#octet(bytes[pos++]!)
        if (this.done) return pos
      }
    }
    return pos
  }

  #octet(octet: number): void {
    switch (this.#state) {
      case SIZE:
        this.#size(octet)
        return
      case EXTENSION:
        if (octet === CR) this.#state = SIZE_LF
        else if (VALUE[octet] !== 1) throw malformed('a control character in a chunk extension')
        else if (++this.#extensions > MAX_EXTENSIONS)
          throw malformed(`chunk extensions of more than ${MAX_EXTENSIONS} B`)
        return
      case SIZE_LF:
        expectOctet(octet, LF, 'a chunk size must end in CRLF')
        this.#state = this.#remaining === 0 ? TRAILER_START : DATA
        this.#digits = 0
        return
      case DATA_CR:
        expectOctet(octet, CR, 'a chunk is longer than its size says')
        this.#state = DATA_LF
        return
      case DATA_LF:
        expectOctet(octet, LF, 'a chunk must end in CRLF')
        this.#state = SIZE
        return
      default:
        this.#trailer(octet)
    }
  }

  #size(octet: number): void {
    const digit = hexDigit(octet)
    if (digit >= 0) {
      if (++this.#digits > MAX_DIGITS) throw malformed('a chunk size of too many digits')
      this.#remaining = this.#remaining * 16 + digit
      return
    }
    if (this.#digits === 0) throw malformed('a chunk without a size')
    if (octet === CR) this.#state = SIZE_LF
    else if (octet === SEMICOLON) this.#state = EXTENSION
    else throw malformed('a chunk size that is not hexadecimal')
  }

  #trailer(octet: number): void {
    if (++this.#trailers > this.#maxTrailers) {
      throw new TransportError('HEADERS_TOO_LARGE', `trailer fields of more than ${this.#maxTrailers} B`)
    }
    switch (this.#state) {
      case TRAILER_START:
        if (octet === CR) this.#state = LAST_LF
        else if (TOKEN[octet] === 1) this.#state = TRAILER_NAME
        else throw malformed('a trailer field without a name')
        return
      case TRAILER_NAME:
        if (octet === COLON) this.#state = TRAILER_VALUE
        else if (TOKEN[octet] !== 1) throw malformed('a character that no trailer name may have')
        return
      case TRAILER_VALUE:
        if (octet === CR) this.#state = TRAILER_LF
        else if (VALUE[octet] !== 1) throw malformed('a control character in a trailer field')
        return
      case TRAILER_LF:
        expectOctet(octet, LF, 'a trailer field must end in CRLF')
        this.#state = TRAILER_START
        return
      default:
        expectOctet(octet, LF, 'a chunked body must end in CRLF')
        this.done = true
    }
  }
}

function hexDigit(octet: number): number {
  if (octet >= 0x30 && octet <= 0x39) return octet - 0x30
  const lower = octet | 0x20
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1
}

const malformed = (what: string) => new TransportError('MALFORMED_CHUNK', `the answer has ${what}`)

function expectOctet(octet: number, wanted: number, rule: string): void {
  if (octet !== wanted) throw new TransportError('MALFORMED_CHUNK', rule)
}
