import fc from 'fast-check'
import { expect, it } from 'vitest'
import { HttpError } from '../http/http-error.ts'
import { readCursor, writeCursor } from './user-cursor.ts'

it('reads back what it wrote, and refuses everything else', () => {
  fc.assert(fc.property(fc.nat(), (number) => readCursor(writeCursor(number)) === number))
  expect(readCursor(undefined)).toBe(0)
  for (const wrong of [
    '',
    'x',
    '7',
    ` ${writeCursor(7)}`,
    `${writeCursor(7)}=`,
    Buffer.from('u-1').toString('base64url'),
  ]) {
    expect(() => readCursor(wrong), wrong).toThrow(HttpError)
  }
})
