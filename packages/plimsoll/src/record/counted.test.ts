import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addCounted, bucketQuantile, type CountedBuckets, figuresOf, meanOf } from './counted.ts'

const buckets = (bounds: number[], counts: number[], sum = 0): CountedBuckets => ({
  kind: 'buckets',
  bounds,
  counts,
  sum,
})

describe('bucketQuantile', () => {
  it('interpolates within the bucket, from 0 in the lowest', () => {
    const one = buckets([1, 2.5, 5], [10, 20, 10, 0])
    expect(bucketQuantile(one, 0.5)).toEqual({ value: 1.75, low: 1, high: 2.5, atLeast: false })
    expect(bucketQuantile(one, 0.125)?.value).toBe(0.5)
    expect(bucketQuantile(one, 0.75)?.value).toBe(2.5)
    expect(bucketQuantile(one, 1)?.value).toBe(5)
  })

  it('says at least, where more than that is above the highest bound', () => {
    expect(bucketQuantile(buckets([1, 5], [90, 0, 10]), 0.95)).toMatchObject({ value: 5, atLeast: true })
    expect(bucketQuantile(buckets([1, 5], [90, 6, 4]), 0.95)).toMatchObject({ atLeast: false })
  })

  it('does not begin at 0 where the lowest bound lies below it', () => {
    expect(bucketQuantile(buckets([-1, 1], [4, 0, 0]), 0.5)?.value).toBe(-1)
  })

  it('knows nothing of nothing', () => {
    expect(bucketQuantile(buckets([1], [0, 0]), 0.5)).toBeUndefined()
    expect(bucketQuantile(buckets([], [7]), 0.5)).toBeUndefined()
    expect(meanOf(buckets([1], [0, 0]))).toBeUndefined()
  })

  it('lies in the bucket of the true quantile, whatever was observed', () => {
    const bounds = [1, 2.5, 5, 10, 25, 50]
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0.001, max: 80, noNaN: true }), { minLength: 1 }), fc.nat(99), (all, n) => {
        const q = (n + 1) / 100
        const counts = [...bounds, Number.POSITIVE_INFINITY].map(
          (high, i) => all.filter((value) => value <= high && value > (bounds[i - 1] ?? 0)).length,
        )
        const exact = all.toSorted((a, b) => a - b)[Math.ceil(q * all.length - 1e-9) - 1] ?? Number.NaN
        const found = bucketQuantile(buckets(bounds, counts), q)
        expect(exact).toBeGreaterThan(found?.atLeast === false && found.low === 0 ? 0 : (found?.low ?? Number.NaN))
        expect(exact).toBeLessThanOrEqual(found?.high ?? Number.NaN)
      }),
    )
  })
})

describe('addCounted', () => {
  it('adds parts and wholes, so that a share is of all that was counted', () => {
    const sum = addCounted([
      { kind: 'share', part: 1, whole: 1 },
      { kind: 'share', part: 10, whole: 99 },
    ])
    expect(sum).toEqual({ kind: 'share', part: 11, whole: 100 })
  })

  it('adds buckets of the same bounds, and leaves out others', () => {
    const sum = addCounted([buckets([1], [1, 2], 5), buckets([1], [3, 4], 6), buckets([1, 2], [9, 9, 9], 9)])
    expect(sum).toEqual(buckets([1], [4, 6], 11))
    expect(addCounted([])).toBeUndefined()
  })
})

describe('figuresOf', () => {
  it('names them', () => {
    expect(figuresOf('hit rate', { kind: 'share', part: 3, whole: 4 })).toEqual({ 'hit rate': 0.75 })
    expect(figuresOf('hit rate', { kind: 'share', part: 0, whole: 0 })).toEqual({})
    expect(figuresOf('commands', buckets([10], [100, 0], 300))).toEqual({
      'commands mean': 3,
      'commands p50': 5,
      'commands p95': 9.5,
      'commands p99': 9.9,
    })
  })
})
