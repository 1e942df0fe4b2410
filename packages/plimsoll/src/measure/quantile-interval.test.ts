import { describe, expect, it } from 'vitest'
import { micros } from '../base/units.ts'
import { Histogram } from './histogram.ts'
import { estimateQuantile } from './quantile-interval.ts'
import { noise } from './testing.ts'

/** Log-normal latencies, median 10 ms, σ 0.6. */
const latency = (z: number) => micros(Math.round(10_000 * Math.exp(0.6 * z)))

function batches(count: number, n: number, next: () => number): Histogram[] {
  return Array.from({ length: count }, () => {
    const batch = new Histogram()
    for (let i = 0; i < n / count; i++) batch.record(latency(next()))
    return batch
  })
}

/** Share of `runs` whose interval of p99 holds the true one, z = 2.3263. */
function coverage(runs: number, n: number, phi: number, seed: number): number {
  const truth = latency(2.3263478740408408)
  const random = noise(seed)
  let held = 0
  let given = 0
  for (let run = 0; run < runs; run++) {
    const estimate = estimateQuantile(batches(30, n, random.autoregressive(phi)), 0.99)
    if (estimate?.interval === undefined) continue
    given++
    const [low, high] = estimate.interval
    if (low <= truth && truth <= high) held++
  }
  expect(given).toBeGreaterThan(runs * 0.9)
  return held / given
}

describe('estimateQuantile', () => {
  it('covers the truth for independent samples', () => {
    expect(coverage(200, 5000, 0, 11)).toBeGreaterThanOrEqual(0.94)
  })

  it('covers the truth for AR(0.9), where independent order statistics reach 56 %', () => {
    expect(coverage(200, 5000, 0.9, 12)).toBeGreaterThanOrEqual(0.9)
  })

  it('counts dependent samples for less', () => {
    const random = noise(5)
    const independent = estimateQuantile(batches(30, 9000, random.normal), 0.99)
    const dependent = estimateQuantile(batches(30, 9000, random.autoregressive(0.95)), 0.99)
    expect(independent?.effectiveCount).toBeGreaterThan(4500)
    expect(dependent?.effectiveCount).toBeLessThan(3000)
  })

  it('withholds the interval from few samples, and the effective count from few batches', () => {
    const random = noise(6)
    const few = estimateQuantile(batches(30, 300, random.normal), 0.99)
    expect(few).toMatchObject({ count: 300, interval: undefined })
    expect(few?.value).toBeGreaterThan(0)
    const fewBatches = estimateQuantile(batches(5, 5000, random.normal), 0.99)
    expect(fewBatches).toMatchObject({ interval: undefined, effectiveCount: undefined })
  })

  it('spans both humps when the quantile sits on a jump', () => {
    const all = Array.from({ length: 30 }, () => {
      const batch = new Histogram()
      batch.recordMany(micros(5000), 297)
      batch.recordMany(micros(200_000), 3)
      return batch
    })
    const interval = estimateQuantile(all, 0.99)?.interval
    expect(interval?.[0]).toBeLessThan(5100)
    expect(interval?.[1]).toBeGreaterThan(199_000)
  })

  it('has nothing to say about nothing', () => {
    expect(estimateQuantile([], 0.5)).toBeUndefined()
    expect(estimateQuantile([new Histogram()], 0.5)).toBeUndefined()
  })
})
