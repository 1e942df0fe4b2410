import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { errorCodes } from './errors.ts'

describe('error codes', () => {
  it('are the ones that docs/errors.md lists, no more and no fewer', () => {
    const text = readFileSync(new URL('../../../../docs/errors.md', import.meta.url), 'utf8')
    const listed = [...(text.split('## Failures')[0] ?? '').matchAll(/^\| `([A-Z_]+)` +\|/gm)].map(([, code]) => code)
    expect(listed.toSorted()).toEqual([...errorCodes].toSorted())
  })
})
