import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { micros } from '../../../plimsoll/src/base/units.ts'
import { Histogram } from '../../../plimsoll/src/measure/histogram.ts'
import { enoughFor, quantileName, quantiles, samplesNeeded } from './quantiles.ts'

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

  it('are withheld below ten samples beyond them', () => {
    expect(enoughFor(0.99, 999)).toBe(false)
    expect(enoughFor(0.99, 1000)).toBe(true)
    expect(samplesNeeded(0.999)).toBe(10_000)
  })

  it('have names', () =>
    expect([0.5, 0.95, 0.999, 0.99999].map(quantileName)).toEqual(['p50', 'p95', 'p99.9', 'p99.999']))
})
