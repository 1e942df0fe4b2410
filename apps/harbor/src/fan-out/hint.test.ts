import { expect, it } from 'vitest'
import { readHint, writeDismissal, writeEntries, writeSignal } from './hint.ts'

const json = JSON.stringify({ content: 'one\ntwo \u2028\u2029\r ☂ "e" ' })

it('reads what was written, whatever a message holds', () => {
  const entries = [
    { seq: 7, at: 1_700_000_000_000, json },
    { seq: 8, at: 1_700_000_000_001, json: '{}' },
  ]
  expect(readHint(writeEntries('a', entries), 'b')).toEqual({ kind: 'entries', entries })
  const outgoing = { event: 'presence', json }
  expect(readHint(writeSignal('a', 'presence:u', outgoing), 'b')).toEqual({
    kind: 'signal',
    key: 'presence:u',
    outgoing,
  })
  expect(readHint(writeDismissal('a', 'u'), 'b')).toEqual({ kind: 'dismissal', userId: 'u' })
})

it('leaves out its own, and what is no hint', () => {
  expect(readHint(writeEntries('a', []), 'a')).toBeUndefined()
  for (const text of ['', 'x', 'a z\n', 'a s\nx']) expect(readHint(text, 'b')).toBeUndefined()
})
