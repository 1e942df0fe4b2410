import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fieldLines, readFields, withoutBodyFields, withoutCredentials } from './fields.ts'

const code = (run: () => unknown): unknown => {
  try {
    run()
  } catch (error) {
    return (error as { code?: unknown }).code
  }
  return undefined
}

describe('header fields of a plan', () => {
  it('never make more lines, or another message, than their names say', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'B', '-', ':', ' ', '\r', '\n', '\0', '\t', 'é', 'ー') })
    fc.assert(
      fc.property(fc.dictionary(text, text), (given) => {
        const bad = code(() => readFields(given))
        if (bad !== undefined) {
          expect(bad).toBe('BAD_REQUEST')
          return
        }
        const fields = readFields(given)
        const lines = fieldLines(fields).split('\r\n')
        expect(lines.pop()).toBe('')
        expect(lines).toHaveLength(fields.size)
        for (const line of lines) expect(line).toMatch(/^[a-z-]+: [^\r\n\0]*$/)
      }),
    )
  })

  it('do not frame the message: two opinions on its length smuggle requests', () => {
    expect(code(() => readFields({ 'Content-Length': '0' }))).toBe('BAD_REQUEST')
    expect(code(() => readFields({ 'TRANSFER-ENCODING': 'chunked' }))).toBe('BAD_REQUEST')
  })

  it('lose credentials on the way to another origin, and what tells of a body with the body', () => {
    const fields = readFields({
      Authorization: 'a',
      Cookie: 'b',
      'Proxy-Authorization': 'c',
      'Content-Type': 'd',
      Accept: 'e',
    })
    expect([...withoutCredentials(fields).keys()]).toEqual(['content-type', 'accept'])
    expect([...withoutBodyFields(fields).keys()]).toEqual(['authorization', 'cookie', 'proxy-authorization', 'accept'])
  })
})
