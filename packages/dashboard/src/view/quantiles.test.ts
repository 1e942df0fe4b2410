import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { micros } from '../../../plimsoll/src/base/units.ts'
import { Histogram } from '../../../plimsoll/src/measure/histogram.ts'
import { quantileDoubt, quantileName, quantiles } from './quantiles.ts'

const qs = [0, 0.001, 0.5, 0.9, 0.99, 0.999, 1]

describe('quantiles', () => {
  it('equal those of the histogram, asked one by one', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 4_000_000_000 }), { minLength: 1, maxLength: 300 }), (values) => {
        const histogram = new Histogram()
        for (const value of values) histogram.record(micros(value))
        expect(quantiles(histogram, qs)).toEqual(qs.map((q) => (histogram.quantile(q) ?? Number.NaN) / 1000))
      }),
    )
  })

  it('are none without samples', () => expect(quantiles(new Histogram(), qs)).toEqual([]))

  it('are rough below ten samples beyond them, and say how many they need', () => {
    expect(quantileDoubt(0.99, 1000, 0)).toBeUndefined()
    expect(quantileDoubt(0.999, 999, 0)).toEqual({
      sign: '≈',
      why: 'fewer than 10 samples lie beyond it: p99.9 needs 10,000, there are 999',
    })
  })

  it('are lower bounds among samples that were cut off', () => {
    expect(quantileDoubt(0.5, 100, 49)).toBeUndefined()
    expect(quantileDoubt(0.95, 100, 6)?.sign).toBe('≥')
  })

  it('have names', () =>
    expect([0.5, 0.95, 0.999, 0.99999].map(quantileName)).toEqual(['p50', 'p95', 'p99.9', 'p99.999']))
})
