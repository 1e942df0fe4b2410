import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createRandom } from './random.ts'
import { constant, exponential, normal, parseThink, thinkDelay, uniform } from './think.ts'
import type { ThinkDistribution, ThinkTime } from './user.ts'

describe('parseThink', () => {
  test('reads a time, a range and a distribution', () => {
    expect(parseThink('1s')).toEqual({ kind: 'constant', value: 1000 })
    expect(parseThink('500ms..3s')).toEqual({ kind: 'uniform', min: 500, max: 3000 })
    expect(parseThink('1s .. 3s')).toEqual({ kind: 'uniform', min: 1000, max: 3000 })
    expect(parseThink(exponential('2s'))).toEqual({ kind: 'exponential', mean: 2000 })
  })

  test.each([
    '',
    'soon',
    '3s..1s',
    '1s..',
    '..1s',
    '1s..2s..3s..',
    '-1s',
    null,
    7n,
    {},
    constant('x' as '1s'),
    uniform('2s', '1s'),
  ])('refuses %s', (think) => {
    expect(parseThink(think as ThinkTime)).toBeUndefined()
  })
})

describe('thinkDelay', () => {
  const figures = (distribution: ThinkDistribution) => {
    const random = createRandom(11, distribution.kind)
    const values = Array.from({ length: 40_000 }, () => thinkDelay(distribution, random))
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length
    const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length)
    return { mean, deviation, min: Math.min(...values), max: Math.max(...values) }
  }

  test('has the mean and spread that its name promises', () => {
    expect(figures(constant('1s'))).toEqual({ mean: 1000, deviation: 0, min: 1000, max: 1000 })
    const flat = figures(uniform('1s', '3s'))
    expect(flat.mean).toBeCloseTo(2000, -1.5)
    expect(flat.deviation).toBeCloseTo(2000 / Math.sqrt(12), -1.5)
    const bell = figures(normal('10s', '1s'))
    expect(bell.mean).toBeCloseTo(10_000, -1.5)
    expect(bell.deviation).toBeCloseTo(1000, -1.5)
    const memoryless = figures(exponential('2s'))
    expect(Math.abs(memoryless.mean - 2000)).toBeLessThan(40)
    expect(Math.abs(memoryless.deviation - 2000)).toBeLessThan(60)
  })

  test('is never negative and never leaves its range', () => {
    fc.assert(
      fc.property(fc.integer(), fc.nat(5000), fc.nat(5000), (seed, a, b) => {
        const random = createRandom(seed)
        expect(thinkDelay(normal(`${a}ms`, `${b}ms`), random)).toBeGreaterThanOrEqual(0)
        const drawn = thinkDelay(uniform(`${a}ms`, `${a + b}ms`), random)
        expect(drawn >= a && drawn <= a + b).toBe(true)
      }),
    )
  })
})
