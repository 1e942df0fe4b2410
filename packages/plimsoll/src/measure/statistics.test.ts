import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { micros } from '../base/units.ts'
import { lagOne, varianceInflation } from './autocorrelation.ts'
import { batchesOf } from './batches.ts'
import { Histogram } from './histogram.ts'
import { littlesGap } from './littles-law.ts'
import { mannKendall } from './mann-kendall.ts'
import { blockMedians, median } from './median.ts'
import { mser5 } from './mser5.ts'
import { minimumSamples } from './sample-size.ts'
import { betaCdf, betaQuantile, logGamma, normalCdf, studentT } from './special-functions.ts'
import { noise } from './testing.ts'
import { theilSen } from './theil-sen.ts'
import { timeWeightedMean } from './time-weighted.ts'

describe('special functions', () => {
  it('has the tabled values', () => {
    expect(logGamma(0.5)).toBeCloseTo(Math.log(Math.sqrt(Math.PI)), 12)
    expect(logGamma(10)).toBeCloseTo(Math.log(362_880), 10)
    expect(betaCdf(0.5, 2, 3)).toBeCloseTo(0.6875, 12)
    expect(betaCdf(0.2, 0.5, 0.5)).toBeCloseTo((2 / Math.PI) * Math.asin(Math.sqrt(0.2)), 12)
    expect(normalCdf(1.959963984540054)).toBeCloseTo(0.975, 12)
    expect(normalCdf(-3)).toBeCloseTo(0.0013498980316301, 12)
    expect(studentT(0.95, 9)).toBeCloseTo(2.262157, 5)
    expect(studentT(0.95, 29)).toBeCloseTo(2.04523, 5)
    expect(studentT(0.95, 1e6)).toBeCloseTo(1.95997, 4)
  })

  it('gives Clopper–Pearson bounds as tables do', () => {
    // 81 of 263: [0.2527, 0.3676] (Newcombe 1998, table I).
    expect(betaQuantile(0.025, 81, 183)).toBeCloseTo(0.2527, 4)
    expect(betaQuantile(0.975, 82, 182)).toBeCloseTo(0.3676, 4)
  })

  it('inverts the beta distribution, also for a million samples', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.01, max: 0.99, noNaN: true }), fc.integer({ min: 2, max: 1e6 }), (p, n) => {
        const a = 0.99 * n
        expect(betaCdf(betaQuantile(p, a, n - a + 1), a, n - a + 1)).toBeCloseTo(p, 6)
      }),
      { numRuns: 50 },
    )
  })
})

describe('minimumSamples', () => {
  it('is 36, 72, 368 and 3,688', () => {
    expect([0.9, 0.95, 0.99, 0.999].map(minimumSamples)).toEqual([36, 72, 368, 3688])
    expect(minimumSamples(0.05)).toBe(72)
  })
})

describe('mannKendall', () => {
  it('counts rising pairs and corrects the variance for ties', () => {
    // 45 pairs, one of them tied: S = 44; Var = (10·9·25 − 2·1·9)/18 = 124; z = 43/√124.
    const { s, p } = mannKendall([1, 2, 3, 4, 5, 6, 7, 8, 9, 9])
    expect(s).toBe(44)
    expect(p).toBeCloseTo(2 * normalCdf(-43 / Math.sqrt(124)), 12)
    expect(mannKendall([9, 8, 7, 6, 5]).s).toBe(-10)
  })

  it('knows nothing of constant and of short series', () => {
    expect(mannKendall([5, 5, 5, 5, 5]).p).toBe(1)
    expect(mannKendall([1, 2, 3]).p).toBe(1)
  })

  it('alarms for 1 % of independent series at p < 0.01', () => {
    const random = noise(7)
    let alarms = 0
    for (let i = 0; i < 1000; i++) {
      if (mannKendall(Array.from({ length: 20 }, random.normal)).p < 0.01) alarms++
    }
    expect(alarms).toBeLessThan(25)
  })
})

describe('autocorrelation', () => {
  it('recovers the dependence of an AR(1) series, and what it costs', () => {
    const next = noise(4).autoregressive(0.8)
    const r = lagOne(Array.from({ length: 20_000 }, next))
    expect(r).toBeCloseTo(0.8, 1)
    expect(varianceInflation(0.8, 0.95)).toBeCloseTo(9)
    expect(varianceInflation(0.99, 0.6)).toBeCloseTo(4)
    expect(varianceInflation(-0.5, 0.6)).toBe(1)
    expect(lagOne([3, 3, 3])).toBe(0)
  })
})

describe('theilSen', () => {
  it('finds the slope in spite of wild values', () => {
    const values = Array.from({ length: 20 }, (_, i) => 100 + 2 * i)
    values[3] = 9999
    values[12] = -9999
    expect(theilSen(values)).toBeCloseTo(2, 10)
    expect(theilSen([1])).toBeUndefined()
  })
})

describe('median', () => {
  it('takes the middle, and blocks cover every value once', () => {
    expect(median([3, 1, 2])).toBe(2)
    expect(median([4, 1, 2, 3])).toBe(2.5)
    expect(median([])).toBeUndefined()
    expect(blockMedians([1, 1, 1, 5, 5, 5, 9], 3)).toEqual([1, 3, 5])
    expect(blockMedians([1, 2], 5)).toHaveLength(2)
  })
})

describe('mser5', () => {
  it('cuts a decaying start and calls the rest settled', () => {
    const random = noise(3)
    const values = Array.from({ length: 300 }, (_, i) => 100 * (1 + 3 * Math.exp(-i / 15)) + random.normal())
    const result = mser5(values)
    expect(result?.settled).toBe(true)
    expect(result?.cut).toBeGreaterThan(30)
    expect(result?.cut).toBeLessThan(120)
  })

  it('does not settle on a series that keeps climbing', () => {
    expect(mser5(Array.from({ length: 200 }, (_, i) => i))?.settled).toBe(false)
  })

  it('cuts nothing from a constant series, and says nothing of a short one', () => {
    expect(mser5(Array.from({ length: 200 }, () => 5))).toEqual({ cut: 0, settled: true })
    expect(mser5([1, 2, 3])).toBeUndefined()
  })
})

describe('littlesGap', () => {
  it('is nothing where the samples explain the integral', () => {
    expect(littlesGap({ area: 100, least: 99, most: 101 })).toBe(0)
    expect(littlesGap({ area: 0, least: 0, most: 0 })).toBeUndefined()
  })

  it('shows lost and invented samples', () => {
    expect(littlesGap({ area: 100, least: 60, most: 63 })).toBeCloseTo(0.37)
    expect(littlesGap({ area: 100, least: 444, most: 450 })).toBeCloseTo(-3.44)
  })
})

describe('timeWeightedMean', () => {
  const samples = [
    { at: 0, value: 1000 },
    { at: 1, value: 10 },
    { at: 1.5, value: 20 },
    { at: 4, value: 30 },
  ]

  it('weighs a sample by the time since the one before, within the stretches', () => {
    expect(timeWeightedMean(samples, [{ from: 0, to: 4 }])).toBeCloseTo((10 * 1 + 20 * 0.5 + 30 * 2.5) / 4)
    const two = [
      { from: 1, to: 1.5 },
      { from: 2, to: 2.5 },
    ]
    expect(timeWeightedMean(samples, two)).toBeCloseTo(25)
  })

  it('does not make up what came before the first and after the last sample', () => {
    expect(timeWeightedMean(samples, [{ from: 3, to: 100 }])).toBe(30)
    expect(timeWeightedMean([{ at: 5, value: 7 }], [{ from: 0, to: 10 }])).toBeUndefined()
    expect(timeWeightedMean([], [{ from: 0, to: 5 }])).toBeUndefined()
  })
})

describe('batchesOf', () => {
  it('loses nothing and splits time evenly', () => {
    const windows = Array.from({ length: 95 }, (_, i) => {
      const histogram = new Histogram()
      histogram.record(micros(i + 1))
      return { from: i * 1000, to: (i + 1) * 1000, histogram }
    })
    const batches = batchesOf(windows)
    expect(batches).toHaveLength(30)
    expect(batches.reduce((sum, batch) => sum + batch.count, 0)).toBe(95)
    expect(Math.max(...batches.map((batch) => batch.count)) - Math.min(...batches.map((batch) => batch.count))).toBe(1)
    expect(batchesOf(windows.slice(0, 7))).toHaveLength(7)
    expect(batchesOf([])).toEqual([])
  })
})
