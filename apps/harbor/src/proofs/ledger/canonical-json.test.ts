import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { canonicalJson, NotCanonical } from './canonical-json.ts'

/** Values that survive JSON; canonicalJson is only ever given those. */
const json = fc
  .jsonValue({ depthSize: 'medium', stringUnit: 'grapheme' })
  .map((value) => JSON.parse(JSON.stringify(value).replaceAll('\\u0000', '')) as unknown)

function shuffled(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shuffled)
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([name, member]) => [name, shuffled(member)]),
  )
}

describe('canonicalJson', () => {
  it('follows RFC 8785', () => {
    const value = JSON.parse(
      '{"numbers":[333333333.33333329,1E30,4.50,2e-3,0.000000000000000000000000001,-0],"string":"\\u20ac$\\u000F\\u000aA\'\\u0042\\u0022\\u005c\\\\\\"\\/","literals":[null,true,false]}',
    )
    expect(canonicalJson(value)).toBe(
      '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27,0],"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
    )
  })

  it('sorts names by UTF-16 code units', () => {
    expect(canonicalJson(JSON.parse('{"\\ufb33":1,"\\ud83d\\ude00":2,"a":3,"B":4,"10":5,"9":6}'))).toBe(
      '{"10":5,"9":6,"B":4,"a":3,"😀":2,"\ufb33":1}',
    )
  })

  it('keeps the value, and does not depend on the order of members', () => {
    fc.assert(
      fc.property(json, (value) => {
        const text = canonicalJson(value)
        expect(JSON.parse(text)).toEqual(value)
        expect(canonicalJson(shuffled(value))).toBe(text)
        expect(canonicalJson(JSON.parse(text))).toBe(text)
      }),
    )
  })

  it.each([
    ['a number beyond a double', '{"a":1e400}'],
    ['NUL in a text', '["a\\u0000"]'],
    ['NUL in a name', '{"a\\u0000":1}'],
    ['a lone surrogate', '["\\ud800"]'],
  ])('refuses %s', (_, text) => {
    expect(() => canonicalJson(JSON.parse(text))).toThrow(NotCanonical)
  })

  it('refuses depths that would exhaust the stack', () => {
    expect(canonicalJson(JSON.parse('['.repeat(64) + ']'.repeat(64)))).toHaveLength(128)
    expect(() => canonicalJson(JSON.parse('['.repeat(100_000) + ']'.repeat(100_000)))).toThrow(NotCanonical)
  })
})
