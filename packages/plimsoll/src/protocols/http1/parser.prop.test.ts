import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cutAt, everyOctet, octets, readPieces } from './parser-fixture.ts'

const letters = (allowed: string, min: number, max: number) =>
  fc.string({ unit: fc.constantFrom(...allowed), minLength: min, maxLength: max })

const field = fc.tuple(
  letters("abcXYZ-_.!#$%&'*+^`|~09", 1, 12).map((name) => `x${name}`),
  letters('abc XYZ:;,"\t\x80\xff09=', 0, 20).map((value) => value.replace(/^[ \t]+|[ \t]+$/g, '')),
)
const bodyText = letters('abc\r\n0\x00\xff:', 0, 60)
const interim = fc.constantFrom('', 'HTTP/1.1 100 Continue\r\n\r\n', 'HTTP/1.1 103 Early Hints\r\nlink: a\r\n\r\n')

type Framing = 'length' | 'chunked' | 'close'

/** A valid response and what it means, made from its parts: the naive reader's truth. */
const response = fc
  .record({
    interim,
    status: fc.constantFrom(200, 201, 204, 301, 304, 404, 500, 599, 999),
    reason: letters('OK abc\t\xff', 0, 10),
    fields: fc.array(field, { maxLength: 6 }),
    framing: fc.constantFrom<Framing>('length', 'chunked', 'close'),
    body: bodyText,
    chunkSizes: fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 8 }),
    extension: fc.constantFrom('', ';a', ';a="b"; c'),
    trailer: fc.constantFrom('', 'x-sum: 1\r\n', 'a: \r\nb: c\r\n'),
  })
  .map((parts) => {
    const bodiless = parts.status === 204 || parts.status === 304
    const body = bodiless ? '' : parts.body
    const framing = bodiless ? 'length' : parts.framing
    const frame =
      framing === 'length'
        ? `Content-Length: ${body.length}\r\n`
        : framing === 'chunked'
          ? 'TRANSFER-ENCODING:  chunked \r\n'
          : ''
    const head =
      `HTTP/1.1 ${parts.status} ${parts.reason}\r\n` +
      parts.fields.map(([name, value]) => `${name}:${value}\r\n`).join('') +
      `${frame}\r\n`
    const sent = framing === 'chunked' ? chunked(body, parts.chunkSizes, parts.extension, parts.trailer) : body
    return { text: parts.interim + head + sent, status: parts.status, head, body, closes: framing === 'close' }
  })

function chunked(body: string, sizes: readonly number[], extension: string, trailer: string): string {
  let text = ''
  for (let at = 0, i = 0; at < body.length; i++) {
    const piece = body.slice(at, at + (sizes[i % sizes.length] ?? 1))
    text += `${piece.length.toString(16)}${extension}\r\n${piece}\r\n`
    at += piece.length
  }
  return `${text}0\r\n${trailer}\r\n`
}

const places = fc.array(fc.nat(2000), { maxLength: 12 })

describe('the parser', () => {
  it('reads every valid response, cut anywhere, as it was made', () => {
    fc.assert(
      fc.property(response, places, ({ text, status, head, body, closes }, cuts) => {
        for (const pieces of [[octets(text)], cutAt(octets(text), cuts), everyOctet(octets(text))]) {
          const reading = readPieces(pieces)
          expect(reading.error).toBeUndefined()
          expect(reading).toMatchObject({ status, head, body, complete: true, rest: 0, persistent: !closes })
        }
      }),
      { numRuns: 300 },
    )
  })

  it('cuts one response from the next, wherever the pieces end', () => {
    fc.assert(
      fc.property(response, fc.string({ unit: 'binary-ascii', maxLength: 20 }), places, (first, next, cuts) => {
        fc.pre(!first.closes)
        const reading = readPieces(cutAt(octets(first.text + next), cuts))
        expect(reading).toMatchObject({ body: first.body, complete: true, rest: octets(next).length })
      }),
      { numRuns: 200 },
    )
  })

  it('makes the same of broken responses however they are cut, and never throws anything of its own', () => {
    const mutation = fc.record({
      at: fc.nat(2000),
      kind: fc.constantFrom('replace', 'insert', 'delete', 'cut'),
      octet: fc.oneof(fc.constantFrom(0, 9, 10, 13, 32, 44, 58, 59, 48, 255), fc.nat(255)),
    })
    fc.assert(
      fc.property(response, fc.array(mutation, { minLength: 1, maxLength: 4 }), places, (valid, mutations, cuts) => {
        let bytes = octets(valid.text)
        for (const { at, kind, octet } of mutations) {
          const place = at % (bytes.length + 1)
          const inserted = kind === 'delete' || kind === 'cut' ? [] : [octet]
          const resumed = kind === 'cut' ? bytes.length : kind === 'insert' ? place : place + 1
          bytes = Buffer.concat([bytes.subarray(0, place), Buffer.from(inserted), bytes.subarray(resumed)])
        }
        const whole = readPieces([bytes])
        expect(readPieces(cutAt(bytes, cuts))).toEqual(whole)
        expect(readPieces(everyOctet(bytes))).toEqual(whole)
      }),
      { numRuns: 1500 },
    )
  })

  it('takes any octets at all without harm', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), places, (noise, cuts) => {
        const bytes = Buffer.concat([octets('HTTP/1.1 200 OK\r\n'), noise])
        expect(readPieces(cutAt(bytes, cuts))).toEqual(readPieces([bytes]))
      }),
      { numRuns: 500 },
    )
  })
})
