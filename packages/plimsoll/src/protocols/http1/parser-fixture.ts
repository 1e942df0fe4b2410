import { TransportError, type TransportErrorCode } from '../http/exchange.ts'
import { ResponseParser } from './parser.ts'

/** What a parser made of some octets: for tests. */
export interface Reading {
  status: number
  head: string
  body: string
  interim: number[]
  complete: boolean
  persistent: boolean
  /** Octets behind the response. */
  rest: number
  error: TransportErrorCode | undefined
}

interface ReadingOptions {
  bodiless?: boolean
  maxHeaders?: number
  /** The other side closes at the end. */
  closes?: boolean
}

/** Feeds one response in the given pieces. Anything thrown but a TransportError goes through. */
export function readPieces(pieces: readonly Uint8Array[], options: ReadingOptions = {}): Reading {
  const { bodiless = false, maxHeaders = 64 * 1024, closes = true } = options
  const reading: Reading = {
    status: 0,
    head: '',
    body: '',
    interim: [],
    complete: false,
    persistent: false,
    rest: 0,
    error: undefined,
  }
  const parser = new ResponseParser(
    {
      informational: (status) => reading.interim.push(status),
      headRead: (bytes, start, end) => {
        reading.status = parser.head.status
        reading.head = Buffer.from(bytes.subarray(start, end)).toString('latin1')
      },
      body: (bytes, start, end) => {
        reading.body += Buffer.from(bytes.subarray(start, end)).toString('latin1')
      },
    },
    maxHeaders,
  )
  parser.begin(bodiless)
  try {
    for (const piece of pieces) {
      // With octets on both sides, as in a shared buffer; a copy, because folded lines are unfolded in place.
      const buffer = Buffer.concat([Buffer.from('\n'), piece, Buffer.from('\r\n')])
      const read = parser.complete ? 1 : parser.feed(buffer, 1, 1 + piece.length)
      reading.rest += 1 + piece.length - read
    }
    if (closes) parser.close()
  } catch (error) {
    if (!(error instanceof TransportError)) throw error
    reading.error = error.code
  }
  reading.complete = parser.complete
  reading.persistent = parser.persistent
  return reading
}

export const octets = (text: string): Buffer => Buffer.from(text, 'latin1')

/** One piece for each octet. */
export const everyOctet = (bytes: Uint8Array): Uint8Array[] => Array.from(bytes, (_, i) => bytes.subarray(i, i + 1))

/** Cuts at the given places, which may come in any order and lie anywhere. */
export function cutAt(bytes: Uint8Array, places: readonly number[]): Uint8Array[] {
  const cuts = [0, ...places.map((place) => place % (bytes.length + 1)).sort((a, b) => a - b), bytes.length]
  return cuts.slice(1).map((cut, i) => bytes.subarray(cuts[i], cut))
}
