import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { enrollmentTokens } from './enrollment-token.ts'

const secret = 's'.repeat(32)
const day = 24 * 3600 * 1000

describe('enrollmentTokens', () => {
  const tokens = enrollmentTokens(secret)

  it('names the device that it was issued for, on every instance with the secret', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), (device) => {
        expect(enrollmentTokens(secret).verify(tokens.issue(device))).toBe(device)
      }),
    )
  })

  it('is refused after any change of a character', () => {
    const token = tokens.issue('device-1')
    for (const [at, character] of [...token].entries()) {
      // The last character of unpadded base64 has bits that mean nothing.
      if (at === token.length - 1) continue
      const changed = `${token.slice(0, at)}${character === 'A' ? 'B' : 'A'}${token.slice(at + 1)}`
      expect(tokens.verify(changed), changed).toBeUndefined()
    }
  })

  it('is refused with another secret', () => {
    expect(enrollmentTokens('t'.repeat(32)).verify(tokens.issue('device-1'))).toBeUndefined()
  })

  it('is refused after 30 days', () => {
    let now = 1_800_000_000_000
    const dated = enrollmentTokens(secret, () => now)
    const token = dated.issue('device-1')
    now += 30 * day - 1
    expect(dated.verify(token)).toBe('device-1')
    now += 1
    expect(dated.verify(token)).toBeUndefined()
  })

  it('takes any text without a fuss', () => {
    fc.assert(fc.property(fc.string(), (text) => tokens.verify(text) === undefined))
  })
})
