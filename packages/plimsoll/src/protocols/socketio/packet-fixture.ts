import { millis } from '../../base/units.ts'
import type { TransportError } from '../http/exchange.ts'
import { JsonReader } from './json-reader.ts'
import { MsgpackReader } from './msgpack-reader.ts'
import type { PacketSink } from './packet-sink.ts'

/** What a reader made of a packet, as plain values. */
export type Read =
  | readonly ['event', name: string, args: readonly unknown[], id: number]
  | readonly ['ack', id: number, args: readonly unknown[]]
  | readonly ['joined', data: unknown]
  | readonly ['refused', data: unknown]
  | readonly ['left']
  | readonly ['unreadable', code: string]

/** A sink that remembers. */
export class ReadLog implements PacketSink {
  readonly read: Read[] = []
  readonly lengths: number[] = []

  received(name: string, args: readonly unknown[], id: number, _at: unknown, bytes: number): void {
    this.read.push(['event', name, args, id])
    this.lengths.push(bytes)
  }

  acknowledged(id: number, args: readonly unknown[]): void {
    this.read.push(['ack', id, args])
  }

  joined(data: unknown): void {
    this.read.push(['joined', data])
  }

  refused(data: unknown): void {
    this.read.push(['refused', data])
  }

  left(): void {
    this.read.push(['left'])
  }

  unreadable({ code }: TransportError): void {
    this.read.push(['unreadable', code])
  }
}

export const limits = { maxAttachments: 10, maxMessage: 1000 }

/** Reads Engine.IO messages, text or octets, until one is unreadable, as a connection does. */
export function readAll(
  messages: readonly (string | Uint8Array)[],
  namespace = '/',
  parser: 'json' | 'msgpack' = 'json',
  maxMessage = limits.maxMessage,
): ReadLog {
  const log = new ReadLog()
  const reader =
    parser === 'json'
      ? new JsonReader(log, namespace, limits.maxAttachments, maxMessage)
      : new MsgpackReader(log, namespace)
  for (const message of messages) {
    if (typeof message === 'string') reader.text(`4${message}`, 1, millis(1))
    else reader.binary(message, millis(1))
    if (log.read.at(-1)?.[0] === 'unreadable') break
  }
  return log
}
