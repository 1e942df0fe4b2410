import fc from 'fast-check'
import { type as text } from 'ot-text-unicode'
import { expect, test } from 'vitest'
import { changeBetween, toCodePoints, toCodeUnits } from './text-change.ts'

const texts = fc.string({ unit: fc.constantFrom('a', 'b', '\n', 'é', '🚢', '🌊', '👩‍🚀'), maxLength: 30 })

test('the change between two texts leads from one to the other', () => {
  fc.assert(
    fc.property(texts, texts, (before, after) => {
      const change = changeBetween(before, after)
      text.checkOp(change)
      expect(text.apply(before, change)).toBe(after)
    }),
  )
})

test('a keystroke is a small change, and none splits a character', () => {
  expect(changeBetween('tide', 'tides')).toEqual([4, 's'])
  expect(changeBetween('🚢', '🌊')).toEqual(['🌊', { d: 1 }])
  expect(changeBetween('same', 'same')).toEqual([])
})

test('offsets there and back', () => {
  expect(toCodePoints('a🚢b', 3)).toBe(2)
  expect(toCodeUnits('a🚢b', 2)).toBe(3)
  expect(toCodeUnits('ab', 9)).toBe(2)
})
