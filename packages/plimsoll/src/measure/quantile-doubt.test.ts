import { describe, expect, it } from 'vitest'
import { isLowerBound, isRough } from './quantile-doubt.ts'

describe('what to bear in mind about a percentile', () => {
  it('is rough with fewer than ten samples beyond it', () => {
    expect([99, 100].map((count) => isRough(0.9, count))).toEqual([true, false])
    expect([199, 200].map((count) => isRough(0.95, count))).toEqual([true, false])
    expect([9999, 10_000].map((count) => isRough(0.999, count))).toEqual([true, false])
  })

  it('is a lower bound among the longest, when that many were cut off', () => {
    expect(isLowerBound(0.95, 100, 5)).toBe(false)
    expect(isLowerBound(0.95, 100, 6)).toBe(true)
    expect(isLowerBound(1, 100, 0)).toBe(false)
  })
})
