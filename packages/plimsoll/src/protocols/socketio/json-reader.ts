import { Decoder } from 'socket.io-parser'
import type { Millis } from '../../base/units.ts'
import { TransportError } from '../http/exchange.ts'
import { type DecodedPacket, dispatch, malformed } from './dispatch.ts'
import type { PacketReader, PacketSink } from './packet-sink.ts'

const EVENT = 0x32
const ACK = 0x33
const BINARY_EVENT = 0x35
const BINARY_ACK = 0x36
const ZERO = 0x30
const NINE = 0x39
const BRACKET = 0x5b

/** More digits are left to the kept parser: they would not fit in a number. */
const MAX_ID_DIGITS = 15

/** Packets that come whole leave nothing behind in a decoder, so that all connections of a thread share one. */
let decoded: DecodedPacket | undefined
const wholePackets = new Decoder()
wholePackets.on('decoded', (packet) => {
  decoded = packet
})

/**
 * Reads packets in the default encoding. Plain events and acknowledgements, which is nearly everything under load, take
 * a short way past the kept parser and mean the same (json-reader.prop.test.ts); all else goes through it. Measured for
 * an event of 106 characters: JSON.parse 0.56 µs, the short way 0.60, the kept parser 0.95; for an acknowledgement 0.28
 * and 0.53.
 */
export class JsonReader implements PacketReader {
  readonly #sink: PacketSink
  readonly #namespace: string
  /** What stands between a packet's type and its id or data. */
  readonly #prefix: string
  readonly #maxAttachments: number
  readonly #maxMessage: number
  /** While the attachments of a packet are awaited. */
  #assembling: Decoder | undefined
  #length = 0

  constructor(sink: PacketSink, namespace: string, maxAttachments: number, maxMessage: number) {
    this.#sink = sink
    this.#namespace = namespace
    this.#prefix = namespace === '/' ? '' : `${namespace},`
    this.#maxAttachments = maxAttachments
    this.#maxMessage = maxMessage
  }

  text(text: string, start: number, at: Millis): void {
    if (this.#assembling !== undefined) {
      this.#sink.unreadable(malformed('text where an attachment was due'))
      return
    }
    const type = text.charCodeAt(start)
    if ((type === EVENT || type === ACK) && this.#readPlain(text, start, type, at)) return
    const packet = text.slice(start)
    if (type === BINARY_EVENT || type === BINARY_ACK) this.#beginAssembly(packet, at)
    else this.#readWhole(packet, at)
  }

  binary(bytes: Uint8Array, at: Millis): void {
    const decoder = this.#assembling
    if (decoder === undefined) {
      this.#sink.unreadable(malformed('an attachment that no packet announced'))
      return
    }
    this.#length += bytes.length
    if (this.#length > this.#maxMessage) {
      const message = `a packet with its attachments is longer than ${this.#maxMessage} B`
      this.#sink.unreadable(new TransportError('MESSAGE_TOO_LARGE', message))
      return
    }
    this.#decode(decoder, Buffer.from(bytes), at, this.#length)
  }

  /** False when it is no plain packet after all. */
  #readPlain(text: string, start: number, type: number, at: Millis): boolean {
    const prefix = this.#prefix
    let i = start + 1
    if (prefix !== '') {
      if (!text.startsWith(prefix, i)) return false
      i += prefix.length
    }
    let code = text.charCodeAt(i)
    let id = -1
    if (code !== BRACKET) {
      id = 0
      for (const most = i + MAX_ID_DIGITS; code >= ZERO && code <= NINE && i < most; code = text.charCodeAt(++i)) {
        id = id * 10 + code - ZERO
      }
      if (code !== BRACKET) return false
    }
    let data: unknown[]
    try {
      data = JSON.parse(text.slice(i)) as unknown[]
    } catch {
      return false
    }
    if (type === ACK) {
      if (id < 0) return false
      this.#sink.acknowledged(id, data, at)
      return true
    }
    const name = data[0]
    if (typeof name !== 'string' || isReserved(name)) return false
    data.shift()
    this.#sink.received(name, data, id, at, text.length - start)
    return true
  }

  #readWhole(text: string, at: Millis): void {
    this.#decode(wholePackets, text, at, text.length)
  }

  #beginAssembly(text: string, at: Millis): void {
    const decoder = new Decoder({ maxAttachments: this.#maxAttachments })
    decoder.on('decoded', (packet) => {
      decoded = packet
    })
    this.#assembling = decoder
    this.#length = text.length
    this.#decode(decoder, text, at, text.length)
  }

  #decode(decoder: Decoder, piece: string | Buffer, at: Millis, bytes: number): void {
    decoded = undefined
    try {
      decoder.add(piece)
    } catch (error) {
      this.#sink.unreadable(asTransportError(error))
      return
    }
    const packet = decoded as DecodedPacket | undefined
    if (packet === undefined) return
    this.#assembling = undefined
    dispatch(packet, this.#namespace, this.#sink, at, bytes)
  }
}

/** Names that an event must not have: they mean something of their own to both sides. */
export function isReserved(name: string): boolean {
  switch (name) {
    case 'connect':
    case 'connect_error':
    case 'disconnect':
    case 'disconnecting':
    case 'newListener':
    case 'removeListener':
      return true
    default:
      return false
  }
}

function asTransportError(error: unknown): TransportError {
  const { message } = error as Error
  return message === 'too many attachments'
    ? new TransportError('TOO_MANY_ATTACHMENTS', 'the server announced more attachments than are allowed', error)
    : malformed(`what is no packet: ${message}`, error)
}
