import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkMsgpack } from './msgpack-limits.ts'
import { readAll } from './packet-fixture.ts'
import { encodePacket } from './packet-writer.ts'

const encode = (data: unknown[]) => encodePacket({ type: 2, nsp: '/', data }, 'msgpack')[0] as Uint8Array

describe('the walk over msgpack', () => {
  it('lets pass whatever the kept encoder writes', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.jsonValue({ maxDepth: 6 }), fc.uint8Array(), fc.integer())), (values) => {
        expect(() => checkMsgpack(encode(['event', ...values]))).not.toThrow()
      }),
    )
    for (const size of [20, 40, 300, 70_000]) {
      const values = ['x'.repeat(size), new Uint8Array(size), Array(size).fill(1), new ArrayBuffer(size)]
      const pairs = Object.fromEntries(Array.from({ length: size }, (_, i) => [`k${i}`, i]))
      expect(() => checkMsgpack(encode(['event', ...values, pairs]))).not.toThrow()
    }
    for (const value of [
      1.5,
      -1,
      -40,
      -400,
      -70_000,
      -5e9,
      200,
      40_000,
      5e9,
      2 ** 52,
      true,
      null,
      undefined,
      new Date(0),
    ]) {
      expect(() => checkMsgpack(encode(['event', value]))).not.toThrow()
    }
  })

  it('stops at lengths for which there are no octets', () => {
    const announced = [
      [0xdd, 0xff, 0xff, 0xff, 0xff],
      [0xdc, 0x80, 0x00],
      [0xdf, 0x40, 0x00, 0x00, 0x00],
      [0xdb, 0xff, 0xff, 0xff, 0xff],
      [0xc6, 0x7f, 0xff, 0xff, 0xff],
      [0xc9, 0xff, 0xff, 0xff, 0xff, 0x00],
      [0x92, 0x01],
      [0xcf, 0x00],
      [],
      [0xc1],
    ]
    for (const octets of announced) expect(() => checkMsgpack(Uint8Array.from(octets))).toThrow(RangeError)
  })

  it('stops at nesting that would exhaust the stack', () => {
    expect(() => checkMsgpack(new Uint8Array(100_000).fill(0x91))).toThrow(/deep/)
  })

  it('keeps packets whose octets are announced but not there from costing memory', () => {
    const packet = Buffer.concat([Buffer.from([0x83, 0xa4]), Buffer.from('data'), Buffer.from([0xdd, 2, 0, 0, 0])])
    expect(readAll([packet], '/', 'msgpack').read).toEqual([['unreadable', 'MALFORMED_PACKET']])
  })
})

describe('packets in msgpack', () => {
  it('come back the same', () => {
    const packet = encodePacket(
      { type: 2, nsp: '/chat', data: ['file', Buffer.from([1, 2]), { a: 1 }], id: 5 },
      'msgpack',
    )
    expect(readAll(packet, '/chat', 'msgpack').read).toEqual([['event', 'file', [Buffer.from([1, 2]), { a: 1 }], 5]])
  })

  it('are no text', () => {
    expect(readAll(['2["a"]'], '/', 'msgpack').read).toEqual([['unreadable', 'MALFORMED_PACKET']])
  })
})
