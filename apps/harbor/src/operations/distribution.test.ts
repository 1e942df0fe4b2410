import fc from 'fast-check'
import { expect, it } from 'vitest'
import { Distribution } from './distribution.ts'

it('has quantiles within 2 % of those of the sorted values', () => {
  const duration = fc.double({ min: 0.02, max: 50_000, noNaN: true })
  fc.assert(
    fc.property(
      fc.array(duration, { minLength: 1, maxLength: 300 }),
      fc.constantFrom(0.5, 0.95, 0.99),
      (all, share) => {
        const distribution = new Distribution()
        for (const value of all) distribution.add(value)
        const sorted = [...all].sort((a, b) => a - b)
        const exact = sorted[Math.ceil(share * all.length) - 1] ?? Number.NaN
        expect(Math.abs(distribution.quantile(share) / exact - 1)).toBeLessThan(0.021)
      },
    ),
  )
})

it('is zero of nothing, and again after it was cleared', () => {
  const distribution = new Distribution()
  distribution.add(7)
  distribution.clear()
  expect([distribution.count, distribution.mean, distribution.quantile(0.99)]).toEqual([0, 0, 0])
})
