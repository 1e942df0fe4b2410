import type { Millis } from '../../base/units.ts'
import { TransportError } from '../http/exchange.ts'
import type { PacketSink } from './packet-sink.ts'

/** Packet types of Socket.IO protocol 5; those of binary packets are gone once these are put together. */
export const CONNECT = 0
export const DISCONNECT = 1
export const EVENT = 2
export const ACK = 3
const CONNECT_ERROR = 4

/** What the kept parsers make of a packet. */
export interface DecodedPacket {
  readonly type: number
  readonly nsp: string
  readonly data?: unknown
  readonly id?: number
}

/** Hands a decoded packet to whom it concerns. */
export function dispatch(packet: DecodedPacket, namespace: string, sink: PacketSink, at: Millis, bytes: number): void {
  const { type, nsp, data, id } = packet
  if (nsp !== namespace) {
    const message = `a packet for the namespace ${JSON.stringify(nsp.slice(0, 80))}, which was never joined`
    sink.unreadable(new TransportError('UNKNOWN_NAMESPACE', message))
  } else if (type === EVENT) {
    const [name, ...args] = Array.isArray(data) ? (data as unknown[]) : []
    if (typeof name === 'string' || typeof name === 'number') sink.received(String(name), args, id ?? -1, at, bytes)
    else sink.unreadable(malformed('an event without a name'))
  } else if (type === ACK) {
    sink.acknowledged(id ?? -1, Array.isArray(data) ? data : [], at)
  } else if (type === CONNECT) {
    sink.joined(data, at)
  } else if (type === CONNECT_ERROR) {
    sink.refused(data)
  } else {
    sink.left()
  }
}

export const malformed = (what: string, cause?: unknown) =>
  new TransportError('MALFORMED_PACKET', `the server sent ${what}`, cause)
