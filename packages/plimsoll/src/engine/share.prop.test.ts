import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { globalIndex, shareOf } from './share.ts'

const workers = fc.integer({ min: 1, max: 64 })
const total = fc.integer({ min: 0, max: 100_000 })

const sharesOf = (whole: number, count: number) => Array.from({ length: count }, (_, w) => shareOf(whole, w, count))

describe('shareOf', () => {
  it('gives shares that sum to the whole and differ by one at most', () => {
    fc.assert(
      fc.property(total, workers, (whole, count) => {
        const shares = sharesOf(whole, count)
        expect(shares.reduce((sum, one) => sum + one, 0)).toBe(whole)
        expect(Math.max(...shares) - Math.min(...shares)).toBeLessThanOrEqual(1)
      }),
    )
  })

  it('never takes from a worker while the whole grows', () => {
    fc.assert(
      fc.property(total, workers, (whole, count) => {
        const before = sharesOf(whole, count)
        sharesOf(whole + 1, count).forEach((after, w) => {
          expect(after).toBeGreaterThanOrEqual(before[w] ?? 0)
        })
      }),
    )
  })

  it('deals every index to exactly one worker', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 500 }), fc.integer({ min: 1, max: 9 }), (whole, count) => {
        const dealt = sharesOf(whole, count).flatMap((own, w) =>
          Array.from({ length: own }, (_, nth) => globalIndex(nth, w, count)),
        )
        expect(dealt.sort((a, b) => a - b)).toEqual(Array.from({ length: whole }, (_, i) => i))
      }),
    )
  })
})
