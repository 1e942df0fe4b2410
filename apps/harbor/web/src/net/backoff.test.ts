import { expect, test } from 'vitest'
import { backoff } from './backoff.ts'

test('doubles, up to half a minute, and is half by chance', () => {
  expect([0, 1, 2, 3].map((failures) => backoff(failures, () => 1))).toEqual([500, 1000, 2000, 4000])
  expect(backoff(0, () => 0)).toBe(250)
  expect(backoff(1_000_000, () => 1)).toBe(30_000)
})
