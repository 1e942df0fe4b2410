import fc from 'fast-check'
import { expect, test } from 'vitest'
import { millis } from '../../base/units.ts'
import { backOffDelay } from './back-off.ts'

const official = { delay: millis(1000), maxDelay: millis(5000), jitter: 0.5, attempts: Number.POSITIVE_INFINITY }

test('the official client’s delays: 1, 2, 4, 5, 5 s, each give or take half', () => {
  const middle = [0, 1, 2, 3, 10, 2000].map((attempt) => backOffDelay(official, attempt, () => 0.5))
  expect(middle).toEqual([1000, 2000, 4000, 5000, 5000, 5000])
  expect(backOffDelay(official, 0, () => 0)).toBe(500)
  expect(backOffDelay(official, 0, () => 0.999_999)).toBeCloseTo(1500, 1)
})

test('no attempt after the last', () => {
  expect(backOffDelay({ ...official, attempts: 2 }, 1, () => 0.5)).toBe(2000)
  expect(backOffDelay({ ...official, attempts: 2 }, 2, () => 0.5)).toBeUndefined()
})

test('never longer than the longest delay, never negative', () => {
  fc.assert(
    fc.property(fc.nat(100), fc.double({ min: 0, max: 0.999, noNaN: true }), (attempt, random) => {
      const delay = backOffDelay(official, attempt, () => random) ?? -1
      return delay >= 0 && delay <= official.maxDelay
    }),
  )
})
