import { describe, expect, it } from 'vitest'
import { ascending, quantile, ratios, spread } from './statistics.ts'

describe('quantile', () => {
  const hundred = ascending(Array.from({ length: 100 }, (_, i) => 100 - i))

  it('takes the nearest rank', () => {
    expect([0, 0.5, 0.95, 0.99, 0.999, 1].map((q) => quantile(hundred, q))).toEqual([1, 50, 95, 99, 100, 100])
  })

  it('has nothing to say of nothing', () => {
    expect(() => quantile([], 0.5)).toThrow(RangeError)
  })
})

describe('spread', () => {
  it('is median, least and most, in numeric order', () => {
    expect(spread([10, 9, 200])).toEqual({ median: 10, min: 9, max: 200 })
  })
})

describe('ratios', () => {
  it('pairs rounds, so that a slow round of both does not show', () => {
    expect(ratios([70, 35, 72], [100, 50, 100])).toEqual({ median: 0.7, min: 0.7, max: 0.72 })
  })

  it('is undefined without a pair', () => {
    expect(ratios([70], [])).toBeUndefined()
  })
})
