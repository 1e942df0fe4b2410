import fc from 'fast-check'
import { expect, it } from 'vitest'
import { longFrame, shortFrame } from './frame-writer.ts'

/** What a server reads: written anew from RFC 6455 §5.2, one octet at a time. */
function read(frame: Buffer): { first: number; payload: string; mask: string; rest: number } {
  const short = frame[1]! & 0x7f
  const at = short === 127 ? 10 : short === 126 ? 4 : 2
  const length = short === 127 ? Number(frame.readBigUInt64BE(2)) : short === 126 ? frame.readUInt16BE(2) : short
  expect(frame[1]! & 0x80).toBe(0x80)
  const mask = frame.subarray(at, at + 4)
  const payload = Buffer.from(frame.subarray(at + 4, at + 4 + length).map((octet, i) => octet ^ mask[i % 4]!))
  return {
    first: frame[0]!,
    payload: payload.toString('hex'),
    mask: mask.toString('hex'),
    rest: frame.length - at - 4 - length,
  }
}

it('writes what a server reads back', () => {
  const payload = fc.oneof(fc.string({ unit: 'binary', maxLength: 400 }), fc.uint8Array({ maxLength: 400 }))
  fc.assert(
    fc.property(payload, (sent) => {
      const expected = Buffer.from(sent as Uint8Array).toString('hex')
      const short = Buffer.from(shortFrame(0x81, sent) ?? '', 'latin1')
      expect(read(short)).toMatchObject({ first: 0x81, payload: expected, rest: 0 })
      expect(read(longFrame(0x82, sent))).toMatchObject({ first: 0x82, payload: expected, rest: 0 })
    }),
    { numRuns: 500 },
  )
})

it.each([0, 125, 126, 5000, 16_367, 16_368, 16_369, 65_535, 65_536, 200_000])('%i octets', (length) => {
  for (const payload of ['x'.repeat(length), Buffer.alloc(length, 'x')]) {
    const short = shortFrame(0x82, payload)
    const frame = short === undefined ? longFrame(0x82, payload) : Buffer.from(short, 'latin1')
    expect(read(frame)).toMatchObject({ payload: Buffer.alloc(length, 'x').toString('hex'), rest: 0 })
  }
})

it('masks every frame with another mask', () => {
  const masks = Array.from({ length: 1000 }, () => read(longFrame(0x82, 'x')).mask)
  expect(new Set(masks).size).toBeGreaterThan(990)
})
