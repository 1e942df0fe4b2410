import { TransportError } from '../http/exchange.ts'
import { grown } from '../http/grown.ts'
import { isCloseCode, NO_CODE } from './close-codes.ts'
import { BINARY, CLOSE, CONTINUATION, FIN, MAX_CONTROL, OPCODE, PING, PONG, RESERVED, RSV1, TEXT } from './frames.ts'
import type { Inflater } from './inflater.ts'
import type { WebSocketSettings } from './types.ts'
import { checkTextSoFar, decodeText } from './utf8.ts'

/** What a parser tells while it is fed. Octets are views of the caller's or the parser's buffer: copy what is to last. */
export interface FrameSink {
  messageRead(data: string | Uint8Array): void
  pingRead(payload: Buffer): void
  pongRead(payload: Buffer): void
  /** 1005 and no reason when the frame had none. */
  closeRead(code: number, reason: string): void
}

type Limits = Pick<WebSocketSettings, 'maxMessage' | 'maxFragments'>

const nothing = Buffer.alloc(0)

/**
 * Reads a server's frames from octets that come in pieces of any size (RFC 6455 §5). A frame that arrives whole, as
 * nearly all do, is read where it lies; of others no more is kept than has arrived, whatever length they announce.
 */
export class FrameParser {
  /** Set, it makes `feed` return after the frame that it is reading. */
  stopped = false
  readonly #sink: FrameSink
  readonly #limits: Limits
  readonly #inflater: Inflater | undefined
  /** Octets of a cut frame head that have been read, and what they said. */
  #headRead = 0
  #first = 0
  #length = 0
  #lengthOctets = 0
  /** Octets of the payload that have not arrived. */
  #remaining = 0
  /** The message under way: 0 when there is none. */
  #opcode = 0
  #compressed = false
  #last = false
  #fragments = 0
  #gathered: Buffer = nothing
  #gatheredLength = 0
  /** How far gathered text has been checked. */
  #checked = 0
  /** A cut control frame, which may stand between the fragments of a message. */
  #control: Buffer | undefined

  constructor(sink: FrameSink, limits: Limits, inflater: Inflater | undefined) {
    this.#sink = sink
    this.#limits = limits
    this.#inflater = inflater
  }

  /** Whether a message, or a frame, has begun and not ended. */
  get isAmidst(): boolean {
    return this.#opcode !== 0 || this.#headRead > 0 || this.#remaining > 0
  }

  /**
   * Reads on; returns where it stopped.
   * @throws {TransportError} MALFORMED_FRAME, MALFORMED_UTF8, MALFORMED_DEFLATE, MESSAGE_TOO_LARGE, TOO_MANY_FRAGMENTS,
   *   and what the sink throws; after that the parser is of no more use
   */
  feed(bytes: Buffer, start: number, end: number): number {
    let pos = start
    while (pos < end && !this.stopped) {
      if (this.#remaining > 0) {
        pos = this.#payload(bytes, pos, end)
      } else if (this.#headRead > 0 || end - pos < 4 || bytes[pos + 1]! > 126) {
        pos = this.#cutHead(bytes, pos, end)
      } else if (bytes[pos + 1] === 126) {
        pos = this.#frame(bytes[pos]!, atLeast((bytes[pos + 2]! << 8) | bytes[pos + 3]!, 126), bytes, pos + 4, end)
      } else {
        pos = this.#frame(bytes[pos]!, bytes[pos + 1]!, bytes, pos + 2, end)
      }
    }
    return pos
  }

  /** Reads one octet of a frame's head. */
  #cutHead(bytes: Buffer, start: number, end: number): number {
    const octet = bytes[start]!
    const pos = start + 1
    if (this.#headRead++ === 0) {
      this.#first = octet
      return pos
    }
    if (this.#headRead === 2) {
      if (octet > 127) throw malformed('a masked frame')
      this.#length = octet < 126 ? octet : 0
      this.#lengthOctets = octet < 126 ? 0 : octet === 126 ? 2 : 8
    } else {
      this.#length = this.#length * 256 + octet
      if (--this.#lengthOctets === 0) atLeast(this.#length, this.#headRead === 4 ? 126 : 0x10000)
    }
    if (this.#lengthOctets > 0) return pos
    this.#headRead = 0
    return this.#frame(this.#first, this.#length, bytes, pos, end)
  }

  /** A frame whose payload begins at `pos`. */
  #frame(first: number, length: number, bytes: Buffer, pos: number, end: number): number {
    const opcode = first & OPCODE
    if (opcode >= CLOSE) return this.#controlFrame(first, length, bytes, pos, end)
    const begins = opcode !== CONTINUATION
    if (opcode > BINARY) throw malformed(`a frame of the unknown kind ${opcode}`)
    if (begins && this.#opcode !== 0) throw malformed('a new message in the middle of another')
    if (!begins && this.#opcode === 0) throw malformed('the continuation of no message')
    const compressed = begins ? this.#readReserved(first) : this.#compressed
    if (!begins && (first & RESERVED) !== 0) throw malformed('a reserved bit in a continuation')
    const most = compressed ? compressedLimit(this.#limits.maxMessage) : this.#limits.maxMessage
    if (this.#gatheredLength + length > most) {
      throw new TransportError('MESSAGE_TOO_LARGE', `a message is longer than ${this.#limits.maxMessage} B`)
    }
    if (begins) {
      if (first >= FIN && pos + length <= end) {
        this.#deliver(opcode, compressed, bytes, pos, pos + length)
        return pos + length
      }
      this.#opcode = opcode
      this.#compressed = compressed
    }
    if (++this.#fragments > this.#limits.maxFragments) {
      throw new TransportError('TOO_MANY_FRAGMENTS', `a message has more than ${this.#limits.maxFragments} fragments`)
    }
    this.#last = first >= FIN
    this.#remaining = length
    if (length === 0) this.#dataFrameDone()
    return pos
  }

  /** Whether the message that begins is compressed. */
  #readReserved(first: number): boolean {
    const reserved = first & RESERVED
    if (reserved !== 0 && (reserved !== RSV1 || this.#inflater === undefined)) {
      throw malformed('a reserved bit whose use was not agreed on')
    }
    return reserved !== 0
  }

  #controlFrame(first: number, length: number, bytes: Buffer, pos: number, end: number): number {
    const opcode = first & OPCODE
    if (opcode > PONG) throw malformed(`a frame of the unknown kind ${opcode}`)
    if ((first & RESERVED) !== 0) throw malformed('a reserved bit in a control frame')
    if (first < FIN) throw malformed('a control frame in fragments')
    if (length > MAX_CONTROL) throw malformed(`a control frame of ${length} B`)
    if (pos + length <= end) {
      this.#tellControl(opcode, bytes.subarray(pos, pos + length))
      return pos + length
    }
    this.#first = first
    this.#remaining = length
    this.#control = Buffer.allocUnsafe(length)
    return pos
  }

  /** Takes what there is of a payload that did not come in one piece with its head. */
  #payload(bytes: Buffer, pos: number, end: number): number {
    const stop = Math.min(end, pos + this.#remaining)
    const control = this.#control
    if (control !== undefined) {
      bytes.copy(control, control.length - this.#remaining, pos, stop)
      this.#remaining -= stop - pos
      if (this.#remaining === 0) {
        this.#control = undefined
        this.#tellControl(this.#first & OPCODE, control)
      }
      return stop
    }
    const length = this.#gatheredLength + stop - pos
    const most = this.#last ? this.#gatheredLength + this.#remaining : Number.POSITIVE_INFINITY
    this.#gathered = grown(this.#gathered, this.#gatheredLength, stop - pos, most)
    bytes.copy(this.#gathered, this.#gatheredLength, pos, stop)
    this.#gatheredLength = length
    this.#remaining -= stop - pos
    if (this.#opcode === TEXT && !this.#compressed) {
      this.#checked = checkTextSoFar(this.#gathered, this.#checked, length)
    }
    if (this.#remaining === 0) this.#dataFrameDone()
    return stop
  }

  #dataFrameDone(): void {
    if (!this.#last) return
    const opcode = this.#opcode
    const gathered = this.#gathered
    const length = this.#gatheredLength
    this.#opcode = 0
    this.#fragments = 0
    this.#gathered = nothing
    this.#gatheredLength = 0
    this.#checked = 0
    this.#deliver(opcode, this.#compressed, gathered, 0, length)
  }

  #deliver(opcode: number, compressed: boolean, bytes: Buffer, start: number, end: number): void {
    if (compressed && this.#inflater !== undefined) {
      const message = this.#inflater.inflate(bytes.subarray(start, end), this.#limits.maxMessage)
      this.#deliver(opcode, false, message, 0, message.length)
    } else {
      this.#sink.messageRead(opcode === TEXT ? decodeText(bytes, start, end) : bytes.subarray(start, end))
    }
  }

  #tellControl(opcode: number, payload: Buffer): void {
    if (opcode === PING) this.#sink.pingRead(payload)
    else if (opcode === PONG) this.#sink.pongRead(payload)
    else this.#close(payload)
  }

  /** RFC 6455 §5.5.1. */
  #close(payload: Buffer): void {
    if (payload.length === 0) {
      this.#sink.closeRead(NO_CODE, '')
      return
    }
    if (payload.length === 1) throw malformed('a close frame with half a code')
    const code = payload.readUInt16BE(0)
    if (!isCloseCode(code)) throw malformed(`a close frame with the code ${code}`)
    this.#sink.closeRead(code, decodeText(payload, 2, payload.length))
  }
}

/** Octets that deflate cannot make smaller become a little more. */
const compressedLimit = (maxMessage: number) => maxMessage + (maxMessage >> 10) + 64

/** A length has to be written in the fewest octets (RFC 6455 §5.2). */
function atLeast(length: number, least: number): number {
  if (length < least) throw malformed(`a length of ${length} B written in more octets than it needs`)
  return length
}

const malformed = (what: string) => new TransportError('MALFORMED_FRAME', `the server sent ${what}`)
