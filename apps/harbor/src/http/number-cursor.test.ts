import fc from 'fast-check'
import { expect, it } from 'vitest'
import { HttpError } from './http-error.ts'
import { numberCursor } from './number-cursor.ts'

it('reads back what it wrote, and refuses everything else', () => {
  const { read, write } = numberCursor('u')
  fc.assert(fc.property(fc.nat(), (number) => read(write(number)) === number))
  expect(read(undefined)).toBe(0)
  const others = [numberCursor('r').write(7), Buffer.from('u-1').toString('base64url')]
  for (const wrong of ['', 'x', '7', ` ${write(7)}`, `${write(7)}=`, ...others]) {
    expect(() => read(wrong), wrong).toThrow(HttpError)
  }
})
