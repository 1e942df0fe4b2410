import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { TransportError } from '../http/exchange.ts'
import { cutAt, everyOctet } from '../http1/parser-fixture.ts'
import { EventStreamParser } from './parser.ts'

/** What a parser tells of these pieces, one line each. */
function readPieces(pieces: readonly Uint8Array[], limit = 10_000, lastEventId = ''): string[] {
  const told: string[] = []
  let id = lastEventId
  const sink = {
    identified: (now: string) => {
      if (now !== id) told.push(`id ${now}`)
      id = now
    },
    event: (type: string, data: string) => told.push(`${type} ${data}`),
    retry: (delay: number) => told.push(`retry ${delay}`),
  }
  const parser = new EventStreamParser(sink, limit, lastEventId)
  try {
    for (const piece of pieces) parser.feed(Buffer.from(piece))
  } catch (error) {
    if (!(error instanceof TransportError)) throw error
    told.push(error.code)
  }
  return told
}

const read = (text: string, limit?: number) => {
  const whole = readPieces([Buffer.from(text)], limit)
  expect(readPieces(everyOctet(Buffer.from(text)), limit)).toEqual(whole)
  return whole
}

describe('an event stream', () => {
  it.each([
    ['data: a\n\n', ['message a']],
    ['data:a\rdata: b\r\r', ['message a\nb']],
    ['data: a\r\ndata:  b\r\n\r\n', ['message a\n b']],
    ['event: add\ndata: 73857293\n\n', ['add 73857293']],
    [': comment\n\ndata\n\ndata\ndata\n\ndata:', ['message ', 'message \n']],
    [
      'data: first\nid: 1\n\ndata:second\nid\n\ndata:  third\n\n',
      ['id 1', 'message first', 'id ', 'message second', 'message  third'],
    ],
    ['id: 7\n\n', ['id 7']],
    ['id: 7\ndata: not yet', []],
    ['id: a\0b\ndata: x\n\n', ['message x']],
    ['event: x\n\ndata: y\n\n', ['message y']],
    ['retry: 100\nretry: 1x\nretry: -1\nretry:\n', ['retry 100']],
    ['\ufeffdata: a\n\n', ['message a']],
    ['\ufeff\ufeffdata: a\n\n', []],
    ['DATA: a\nx: y\n:\n\n', []],
    ['data: κόσμε 😀\n\n', ['message κόσμε 😀']],
  ])('%j', (text, expected) => {
    expect(read(text)).toEqual(expected)
  })

  it('goes on from the id of the one before', () => {
    expect(readPieces([Buffer.from('data: a\n\n')], 100, '7')).toEqual(['message a'])
  })

  it('has limits on a line, ended or not, and on an event', () => {
    expect(read(`data: ${'x'.repeat(100)}\n\n`, 50)).toEqual(['MESSAGE_TOO_LARGE'])
    expect(read('x'.repeat(100), 50)).toEqual(['MESSAGE_TOO_LARGE'])
    expect(read('data: xxxxxxxxxx\n'.repeat(10), 50)).toEqual(['MESSAGE_TOO_LARGE'])
  })

  it('is the same however it is cut', () => {
    const piece = fc.constantFrom(
      'data',
      'event',
      'id',
      ':',
      ' ',
      '\r',
      '\n',
      '\r\n',
      'é',
      'x',
      'retry: 5',
      '\0',
      '\ufeff',
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), fc.array(fc.nat(200), { maxLength: 6 }), (pieces, cuts) => {
        const octets = Buffer.from(pieces.join(''))
        expect(readPieces(cutAt(octets, cuts))).toEqual(readPieces([octets]))
      }),
      { numRuns: 1000 },
    )
  })

  it('takes any octets without harm', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (noise) => void readPieces([noise], 100)))
  })
})
