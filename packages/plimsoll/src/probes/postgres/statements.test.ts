import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { longestSince, queryTimes, type StatementReading, statementsBetween } from './statements.ts'

/** What pg_stat_statements would show of a statement that took these times. */
function reading(id: string, times: readonly number[]): StatementReading {
  const mean = times.reduce((sum, time) => sum + time, 0) / times.length
  const variance = times.reduce((sum, time) => sum + (time - mean) ** 2, 0) / times.length
  return {
    id,
    calls: times.length,
    mean,
    deviation: Math.sqrt(variance),
    min: Math.min(...times),
    max: Math.max(...times),
  }
}

const time = fc.double({ min: 0.001, max: 10_000, noNaN: true })

describe('statementsBetween', () => {
  it('gives the calls, mean and deviation of the interval alone', () => {
    fc.assert(
      fc.property(
        fc.array(time, { minLength: 1, maxLength: 50 }),
        fc.array(time, { minLength: 1, maxLength: 50 }),
        (old, fresh) => {
          const [interval] = statementsBetween([reading('a', old)], [reading('a', [...old, ...fresh])])
          const truth = reading('a', fresh)
          expect(interval?.calls).toBe(fresh.length)
          expect(interval?.mean).toBeCloseTo(truth.mean, 3)
          expect(Math.abs((interval?.deviation ?? 0) - truth.deviation)).toBeLessThan(0.1)
        },
      ),
    )
  })

  it('takes a statement that was evicted and came back as new', () => {
    const before = reading('a', [1, 1, 1, 1])
    expect(statementsBetween([before], [reading('a', [5, 5])])).toMatchObject([{ calls: 2, mean: 5 }])
  })

  it('leaves out statements that were not executed', () => {
    expect(statementsBetween([reading('a', [1])], [reading('a', [1])])).toEqual([])
  })
})

describe('queryTimes', () => {
  const between = (...statements: StatementReading[]) => queryTimes(statementsBetween([], statements))

  it('is undefined when nothing was executed', () => {
    expect(between()).toBeUndefined()
  })

  it('weighs statements by their calls', () => {
    const times = between(reading('often', Array(99).fill(1)), reading('rare', [101]))
    expect(times).toMatchObject({ calls: 100, mean: 2 })
    expect(times?.p95).toBeCloseTo(1)
    expect(between(reading('often', Array(90).fill(1)), reading('rare', Array(10).fill(50)))?.p95).toBeCloseTo(50)
  })

  it('estimates the percentile of log-normal times, of one statement or mixed, within a tenth', () => {
    const normals = Array.from({ length: 4000 }, (_, i) => inverseNormal((i + 0.5) / 4000))
    const fast = normals.map((z) => 2 * Math.exp(0.6 * z))
    const slow = normals.map((z) => 20 * Math.exp(0.8 * z))
    const p95 = (times: number[]) => times.sort((a, b) => a - b)[Math.ceil(times.length * 0.95) - 1] ?? Number.NaN
    expect((between(reading('fast', fast))?.p95 ?? 0) / p95([...fast])).toBeCloseTo(1, 1)
    const mixed = between(reading('fast', fast), reading('slow', slow))
    expect((mixed?.p95 ?? 0) / p95([...fast, ...slow])).toBeCloseTo(1, 1)
  })

  it('stays between the shortest and the longest execution', () => {
    fc.assert(
      fc.property(fc.array(fc.array(time, { minLength: 1, maxLength: 20 }), { minLength: 1, maxLength: 5 }), (all) => {
        const p95 = between(...all.map((times, i) => reading(String(i), times)))?.p95 ?? Number.NaN
        expect(p95).toBeGreaterThanOrEqual(Math.min(...all.flat()) * 0.999)
        expect(p95).toBeLessThanOrEqual(Math.max(...all.flat()) * 1.001)
      }),
    )
  })
})

describe('longestSince', () => {
  it('knows the longest execution only where a maximum rose or a statement is new', () => {
    const first = [reading('a', [1, 90])]
    expect(longestSince(first, [reading('a', [1, 90, 50])])).toBeUndefined()
    expect(longestSince(first, [reading('a', [1, 90, 95])])).toBe(95)
    expect(longestSince(first, [reading('a', [1, 90]), reading('b', [7])])).toBe(7)
  })
})

/** By bisection of the normal distribution function, integrated numerically: slow, and independent of the code above. */
function inverseNormal(share: number): number {
  let low = -6
  let high = 6
  for (let step = 0; step < 40; step++) {
    const middle = (low + high) / 2
    if (normalShare(middle) < share) low = middle
    else high = middle
  }
  return (low + high) / 2
}

function normalShare(z: number): number {
  let sum = 0.5
  const steps = 60
  for (let i = 0; i < steps; i++) {
    const x = (z * (i + 0.5)) / steps
    sum += ((z / steps) * Math.exp((-x * x) / 2)) / Math.sqrt(2 * Math.PI)
  }
  return sum
}
