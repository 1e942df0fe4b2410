import fc from 'fast-check'
import { expect, test } from 'vitest'
import { HeightIndex } from './height-index.ts'
import { hasLeftEnd, isAtEnd, measure, windowAt } from './virtual-window.ts'

test('the offsets are those of a plain sum, whatever is set, added and taken away', () => {
  const step = fc.oneof(
    fc.record({ set: fc.nat(3_000), height: fc.integer({ min: 1, max: 500 }) }),
    fc.record({ resize: fc.nat(3_000) }),
  )
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), fc.nat(3_000), (steps, at) => {
      const index = new HeightIndex(40)
      let plain: number[] = []
      for (const each of steps) {
        if ('resize' in each) {
          index.resize(each.resize)
          plain = Array.from({ length: each.resize }, (_, row) => plain[row] ?? 40)
        } else {
          index.set(each.set, each.height)
          if (each.set < plain.length) plain[each.set] = each.height
        }
      }
      const place = Math.min(at, plain.length)
      expect(index.offset(place)).toBeCloseTo(plain.slice(0, place).reduce((sum, height) => sum + height, 0))
      if (place < plain.length) expect(index.indexAt(index.offset(place))).toBe(place)
    }),
  )
})

test('of ten thousand rows, those in view and a few more are drawn', () => {
  const heights = new HeightIndex(40)
  heights.resize(10_000)
  expect(windowAt(heights, 0, 600, 3)).toEqual({ first: 0, last: 17 })
  expect(windowAt(heights, 200_000, 600, 3)).toEqual({ first: 4_997, last: 5_017 })
  expect(windowAt(heights, 399_400, 600, 3)).toEqual({ first: 9_982, last: 9_999 })
  expect(windowAt(heights, 10_000_000, 600, 3)).toEqual({ first: 9_996, last: 9_999 })
})

test('an empty list draws nothing', () => {
  expect(windowAt(new HeightIndex(40), 0, 600, 3)).toEqual({ first: 0, last: -1 })
})

test('rows above the anchor that grow move the view with them; those below do not', () => {
  const heights = new HeightIndex(40)
  heights.resize(100)
  expect(measure(heights, 10, [50, 40, 35, 90], 13)).toBe(5)
  expect(heights.offset(14)).toBe(14 * 40 + 10 - 5 + 50)
})

test('who scrolls away is not pulled back by a message drawn before the browser tells of the scrolling', () => {
  const placed = 9_400
  const box = { scrollTop: placed, scrollHeight: 10_000, clientHeight: 600 }
  expect([isAtEnd(box), hasLeftEnd(box, placed)]).toEqual([true, false])
  // A message made the list longer: nobody scrolled, and the end is followed.
  const longer = { ...box, scrollHeight: 10_300 }
  expect([isAtEnd(longer), hasLeftEnd(longer, placed)]).toEqual([false, false])
  // They scrolled, and the message came before the browser said so.
  expect(hasLeftEnd({ ...longer, scrollTop: 9_100 }, placed)).toBe(true)
  // They scrolled less than what counts as the end.
  expect(hasLeftEnd({ ...box, scrollTop: 9_360 }, placed)).toBe(false)
})
