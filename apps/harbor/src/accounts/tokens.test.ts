import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createTokens, tokenLifetime } from './tokens.ts'

const secret = 's'.repeat(32)
const anna = { userId: 'u', sessionId: 's', name: 'Anna', role: 'member' as const }

describe('access tokens', () => {
  const tokens = createTokens(secret)

  it('say who it is, on every instance with the secret', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme' }),
        fc.constantFrom('member' as const, 'admin' as const),
        (name, role) => {
          const read = createTokens(secret).readAccess(tokens.issueAccess({ ...anna, name, role }))
          expect(read).toMatchObject({ ...anna, name, role })
        },
      ),
    )
  })

  it('are refused after any change of a character, and with another secret', () => {
    const token = tokens.issueAccess(anna)
    for (const [at, character] of [...token].entries()) {
      // The last character of unpadded base64 has bits that mean nothing.
      if (at === token.length - 1) continue
      const changed = `${token.slice(0, at)}${character === 'A' ? 'B' : 'A'}${token.slice(at + 1)}`
      expect(tokens.readAccess(changed), changed).toBeUndefined()
    }
    expect(createTokens('t'.repeat(32)).readAccess(token)).toBeUndefined()
  })

  it('expire', () => {
    let now = 1_800_000_000_000
    const dated = createTokens(secret, () => now)
    const token = dated.issueAccess(anna)
    now += tokenLifetime - 1
    expect(dated.readAccess(token)).toBeDefined()
    now += 1
    expect(dated.readAccess(token)).toBeUndefined()
  })

  it('are no refresh tokens, nor the other way round', () => {
    expect(tokens.readRefresh(tokens.issueAccess(anna))).toBeUndefined()
    expect(tokens.readAccess(tokens.issueRefresh({ sessionId: 's', generation: 0 }))).toBeUndefined()
  })

  it('take any text without a fuss', () => {
    const text = fc.oneof(
      fc.string(),
      fc.string().map((end) => `${tokens.issueAccess(anna).split('.')[0]}.${end}`),
    )
    fc.assert(fc.property(text, (any) => tokens.readAccess(any) === undefined && tokens.readRefresh(any) === undefined))
  })
})

it('refresh tokens name their session and generation', () => {
  const tokens = createTokens(secret)
  expect(tokens.readRefresh(tokens.issueRefresh({ sessionId: 'a-b', generation: 7 }))).toEqual({
    sessionId: 'a-b',
    generation: 7,
  })
})
