import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { entryHash, type HashedFields, proofId, sha256 } from './entry.ts'

const first: HashedFields = {
  previousHash: Buffer.alloc(32),
  sequence: 1,
  deviceId: 'device-1',
  captureId: 'capture-1',
  proofHash: sha256('data'),
  metadata: '{"a":1}',
  lockedAt: new Date('2026-01-10T12:00:00.000Z'),
}

describe('entryHash', () => {
  it('is the SHA-256 of the bytes that docs/harbor.md shows', () => {
    const bytes = [
      '00000020',
      '00'.repeat(32),
      '00000008',
      '0000000000000001',
      '00000008',
      Buffer.from('device-1').toString('hex'),
      '00000009',
      Buffer.from('capture-1').toString('hex'),
      '00000020',
      '3a6eb0790f39ac87c94f3856b2dd2c5d110e6811602261a9a923d3bb23adc8b7',
      '00000007',
      Buffer.from('{"a":1}').toString('hex'),
      '00000018',
      Buffer.from('2026-01-10T12:00:00.000Z').toString('hex'),
    ].join('')
    expect(entryHash(first).toString('hex')).toBe(sha256(Buffer.from(bytes, 'hex')).toString('hex'))
    expect(entryHash(first).toString('hex')).toMatchInlineSnapshot(
      `"c3ae689c6199d261c8e7f6c5572707a6e5f5cd5bec35090a6e2e7a35192b651f"`,
    )
  })

  it('differs whenever a field does, also when text moves from one field to the next', () => {
    const fields = fc.record({
      sequence: fc.integer({ min: 1, max: 3 }),
      deviceId: fc.string({ maxLength: 3 }),
      captureId: fc.string({ maxLength: 3 }),
      metadata: fc.string({ maxLength: 3 }),
    })
    fc.assert(
      fc.property(fields, fields, (a, b) => {
        const same = JSON.stringify(a) === JSON.stringify(b)
        expect(entryHash({ ...first, ...a }).equals(entryHash({ ...first, ...b }))).toBe(same)
      }),
    )
    expect(entryHash({ ...first, deviceId: 'ab', captureId: 'c' })).not.toEqual(
      entryHash({ ...first, deviceId: 'a', captureId: 'bc' }),
    )
  })
})

it('makes a proof id that is a UUID of version 8', () => {
  expect(proofId(entryHash(first))).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
})
