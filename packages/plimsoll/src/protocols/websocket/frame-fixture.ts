import { TransportError, type TransportErrorCode } from '../http/exchange.ts'
import { FrameParser } from './frame-parser.ts'
import type { Inflater } from './inflater.ts'

/** What a parser told, one line each, and the code of the error that ended it: for tests. */
export interface Told {
  lines: string[]
  error: TransportErrorCode | undefined
}

interface Limits {
  maxMessage?: number
  maxFragments?: number
  inflater?: Inflater
}

/** A server's frame. */
export function frame(first: number, payload: string | Uint8Array = ''): Buffer {
  const body = Buffer.from(payload as Uint8Array)
  const { length } = body
  if (length < 126) return Buffer.concat([Buffer.from([first, length]), body])
  const head = Buffer.alloc(length < 0x10000 ? 4 : 10)
  head[0] = first
  head[1] = length < 0x10000 ? 126 : 127
  if (length < 0x10000) head.writeUInt16BE(length, 2)
  else head.writeBigUInt64BE(BigInt(length), 2)
  return Buffer.concat([head, body])
}

/** A close frame. */
export function closeFrame(code: number, reason: string | Uint8Array = ''): Buffer {
  const octets = Buffer.alloc(2)
  octets.writeUInt16BE(code)
  return frame(0x88, Buffer.concat([octets, Buffer.from(reason as Uint8Array)]))
}

/** Feeds frames in the given pieces, as they lie in a shared buffer. Anything thrown but a TransportError goes through. */
export function readFrames(pieces: readonly Uint8Array[], limits: Limits = {}): Told {
  const told: Told = { lines: [], error: undefined }
  const { lines } = told
  const parser: FrameParser = new FrameParser(
    {
      messageRead: (data) => lines.push(typeof data === 'string' ? `text ${data}` : `binary ${hex(data)}`),
      pingRead: (payload) => lines.push(`ping ${hex(payload)}`),
      pongRead: (payload) => lines.push(`pong ${hex(payload)}`),
      closeRead: (code, reason) => {
        lines.push(`close ${code} ${reason}`)
        parser.stopped = true
      },
    },
    { maxMessage: limits.maxMessage ?? 1 << 20, maxFragments: limits.maxFragments ?? 1000 },
    limits.inflater,
  )
  const shared = Buffer.alloc(Math.max(1, ...pieces.map((piece) => piece.length)) + 2)
  try {
    for (const piece of pieces) {
      shared.fill(0xff)
      shared.set(piece, 1)
      parser.feed(shared, 1, 1 + piece.length)
    }
  } catch (error) {
    if (!(error instanceof TransportError)) throw error
    told.error = error.code
  }
  return told
}

const hex = (octets: Uint8Array) => Buffer.from(octets).toString('hex')
