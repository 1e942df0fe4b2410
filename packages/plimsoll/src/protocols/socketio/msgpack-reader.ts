import { Decoder } from 'socket.io-msgpack-parser'
import type { Millis } from '../../base/units.ts'
import { type DecodedPacket, dispatch, malformed } from './dispatch.ts'
import { checkMsgpack } from './msgpack-limits.ts'
import type { PacketReader, PacketSink } from './packet-sink.ts'

let decoded: DecodedPacket | undefined
const decoder = new Decoder()
decoder.on('decoded', (packet: DecodedPacket) => {
  decoded = packet
})

/** Reads packets of socket.io-msgpack-parser: each is one binary message, attachments inside. */
export class MsgpackReader implements PacketReader {
  readonly #sink: PacketSink
  readonly #namespace: string

  constructor(sink: PacketSink, namespace: string) {
    this.#sink = sink
    this.#namespace = namespace
  }

  text(): void {
    this.#sink.unreadable(malformed('text to a client of the msgpack parser: is the server set to it as well?'))
  }

  /** Octets inside the packet are views of what is decoded, so that it is a copy. */
  binary(bytes: Uint8Array, at: Millis): void {
    decoded = undefined
    try {
      checkMsgpack(bytes)
      decoder.add(Buffer.from(bytes))
    } catch (error) {
      this.#sink.unreadable(malformed(`what is no msgpack packet: ${(error as Error).message}`, error))
      return
    }
    if (decoded !== undefined) dispatch(decoded, this.#namespace, this.#sink, at, bytes.length)
  }
}
