import fc from 'fast-check'
import { build } from 'hdr-histogram-js'
import { describe, expect, it } from 'vitest'
import { micros } from '../base/units.ts'
import { boundsOf, Histogram, indexOf, LARGEST, rankOf } from './histogram.ts'

const durations = fc.oneof(
  fc.integer({ min: 0, max: 5000 }),
  fc.integer({ min: 0, max: 10_000_000 }),
  fc.integer({ min: 0, max: LARGEST }),
)

function histogramOf(values: readonly number[]): Histogram {
  const histogram = new Histogram()
  for (const value of values) histogram.record(micros(value))
  return histogram
}

const contents = (histogram: Histogram) => ({
  count: histogram.count,
  sum: histogram.sum,
  min: histogram.min,
  max: histogram.max,
  buckets: [...histogram.buckets()],
})

describe('layout', () => {
  const theirs = build({ highestTrackableValue: LARGEST, numberOfSignificantValueDigits: 3 }) as unknown as {
    countsArrayIndex(value: number): number
    lowestEquivalentValue(value: number): number
    highestEquivalentValue(value: number): number
  }
  const corners = [0, 1, 1023, 1024, 2047, 2048, 2049, 4095, 4096, 2 ** 31 - 1, 2 ** 31, 2 ** 31 + 1, LARGEST]

  it('has the indexes and bounds of HdrHistogram at three digits', () => {
    const sameAsTheirs = (value: number): void => {
      expect(indexOf(value)).toBe(theirs.countsArrayIndex(value))
      expect(boundsOf(indexOf(value))).toEqual({
        from: theirs.lowestEquivalentValue(value),
        to: theirs.highestEquivalentValue(value),
      })
    }
    for (const value of corners) sameAsTheirs(value)
    fc.assert(fc.property(durations, sameAsTheirs))
  })

  it('keeps a midpoint within 0.05 % of every value of its bucket', () => {
    fc.assert(
      fc.property(durations, (value) => {
        const { from, to } = boundsOf(indexOf(value))
        expect(from).toBeLessThanOrEqual(value)
        expect(to).toBeGreaterThanOrEqual(value)
        const midpoint = Math.floor((from + to) / 2)
        expect(Math.abs(midpoint - value)).toBeLessThanOrEqual(value * 0.0005)
      }),
    )
  })
})

describe('Histogram', () => {
  it('has no quantile when empty', () => {
    const histogram = new Histogram()
    expect(histogram.isEmpty).toBe(true)
    expect(histogram.quantile(0.5)).toBeUndefined()
    expect(histogram.mean).toBeUndefined()
    expect([...histogram.buckets()]).toEqual([])
  })

  it('counts more than an hour in the last bucket and keeps its exact sum and maximum', () => {
    const histogram = histogramOf([LARGEST * 3, 10])
    expect(histogram.max).toBe(LARGEST * 3)
    expect(histogram.sum).toBe(LARGEST * 3 + 10)
    expect(histogram.countUpTo(micros(LARGEST - 10_000_000))).toBe(1)
  })

  it('refuses what is no duration', () => {
    const histogram = new Histogram()
    expect(() => histogram.record(micros(-1))).toThrow(RangeError)
    expect(() => histogram.record(micros(Number.NaN))).toThrow(RangeError)
    expect(histogram.isEmpty).toBe(true)
  })

  it('answers quantiles by nearest rank, as a sorted array does', () => {
    fc.assert(
      fc.property(
        fc.array(durations, { minLength: 1, maxLength: 300 }),
        fc.double({ min: 0.001, max: 1, noNaN: true }),
        (values, q) => {
          const sorted = values.toSorted((a, b) => a - b)
          const truth = sorted[rankOf(q, sorted.length) - 1] ?? Number.NaN
          const got = histogramOf(values).quantile(q) ?? Number.NaN
          expect(Math.abs(got - truth)).toBeLessThanOrEqual(truth * 0.0005)
        },
      ),
    )
  })

  it('gives the exact ends', () => {
    const histogram = histogramOf([1_234_567, 2_345_678, 9_876_543])
    expect(histogram.valueAtRank(1)).toBe(1_234_567)
    expect(histogram.quantile(1)).toBe(9_876_543)
    expect(histogram.valueAtRank(0)).toBeUndefined()
    expect(histogram.valueAtRank(4)).toBeUndefined()
  })

  it('does not slip a rank for products like 0.95 × 100', () => {
    for (const q of [0.07, 0.29, 0.57, 0.95, 0.99]) expect(rankOf(q, 100)).toBe(Math.round(q * 100))
    expect(rankOf(0.5, 3)).toBe(2)
    expect(rankOf(0.999, 10)).toBe(10)
  })

  it('counts up to a value with its whole bucket', () => {
    fc.assert(
      fc.property(fc.array(durations, { maxLength: 100 }), durations, (values, limit) => {
        const expected = values.filter((value) => indexOf(value) <= indexOf(limit)).length
        expect(histogramOf(values).countUpTo(micros(limit))).toBe(expected)
      }),
    )
  })

  it('merges exactly, in any order and grouping', () => {
    const samples = fc.array(durations, { maxLength: 50 })
    fc.assert(
      fc.property(samples, samples, samples, (a, b, c) => {
        const leftFirst = histogramOf(a)
        leftFirst.add(histogramOf(b))
        leftFirst.add(histogramOf(c))
        const rightFirst = histogramOf(c)
        rightFirst.add(histogramOf(b))
        const swapped = rightFirst.clone()
        swapped.add(histogramOf(a))
        expect(contents(leftFirst)).toEqual(contents(histogramOf([...a, ...b, ...c])))
        expect(contents(swapped)).toEqual(contents(leftFirst))
      }),
    )
  })

  it('clones into an independent copy and resets to empty', () => {
    const histogram = histogramOf([5, 5000, 500_000])
    const copy = histogram.clone()
    histogram.reset()
    expect(contents(histogram)).toEqual(contents(new Histogram()))
    expect(copy.count).toBe(3)
    histogram.record(micros(7))
    expect(contents(histogram)).toEqual(contents(histogramOf([7])))
  })
})
