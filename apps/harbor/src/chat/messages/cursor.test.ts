import fc from 'fast-check'
import { expect, it } from 'vitest'
import { readCursor, writeCursor } from './cursor.ts'

it('is read as it was written', () => {
  fc.assert(
    fc.property(fc.constantFrom('before', 'after'), fc.nat(), (direction, seq) => {
      expect(readCursor(writeCursor({ direction, seq }))).toEqual({ direction, seq })
    }),
  )
})

it.each([
  '',
  'x',
  'before7',
  Buffer.from('before-1').toString('base64url'),
  Buffer.from('after007').toString('base64url'),
])('is not %j', (cursor) => expect(() => readCursor(cursor)).toThrow('is not the next_cursor of an answer'))

it('is nothing else, whatever a client makes up', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.base64String()), (cursor) => {
      try {
        expect(writeCursor(readCursor(cursor))).toBe(cursor)
      } catch (error) {
        expect(error).toMatchObject({ status: 400 })
      }
    }),
  )
})
