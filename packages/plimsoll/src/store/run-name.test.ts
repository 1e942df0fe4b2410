import { describe, expect, it } from 'vitest'
import { runName, slug } from './run-name.ts'

describe('runName', () => {
  it('sorts by time and says which plan and profile', () => {
    const at = new Date('2026-11-21T10:02:31.456Z')
    expect(runName(at, 'Archive Origin', 'smoke')).toBe('2026-11-21T10-02-31Z-archive-origin-smoke')
  })

  it.each([
    ['../../etc/passwd', 'etc-passwd'],
    ['  Größe & Länge  ', 'größe-länge'],
    ['…', ''],
    ['x'.repeat(200), 'x'.repeat(60)],
    ['con:nul*?', 'con-nul'],
  ])('makes a part of a file name of %j', (text, expected) => {
    expect(slug(text)).toBe(expected)
  })

  it('leaves out a name that has no letters', () => {
    expect(runName(new Date(0), '***', 'smoke')).toBe('1970-01-01T00-00-00Z-smoke')
  })
})
