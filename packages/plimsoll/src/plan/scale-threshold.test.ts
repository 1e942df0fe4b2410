import { describe, expect, it } from 'vitest'
import { compilePlan } from './compile/compile-plan.ts'
import type { ThresholdSpec } from './compiled.ts'
import { journey } from './journey.ts'
import { users } from './load/users.ts'
import { plan } from './plan.ts'
import { scaleThreshold } from './scale-threshold.ts'
import type { Thresholds } from './threshold/types.ts'

function specOf(thresholds: Thresholds): ThresholdSpec {
  const load = users(1).for('1m')
  const definition = plan({
    name: 'x',
    system: { url: 'http://a' },
    journeys: [journey('x', () => {})],
    profiles: { p: { load } },
    thresholds,
  })
  const result = compilePlan(definition)
  if ('problems' in result) throw new Error(JSON.stringify(result.problems))
  return result.plan.profiles['p']?.thresholds[0] as ThresholdSpec
}

describe('a threshold of a scaled run', () => {
  it.each([
    ['>= 500/s', 0.1, 50, '>= 50/s (500/s × 0.1)'],
    ['>=950/min', 0.2, 950 / 60 / 5, '>=190/min (950/min × 0.2)'],
    ['< 0.7/s', 0.1, 0.07, '< 0.07/s (0.7/s × 0.1)'],
    ['>= 500/s', 2, 1000, '>= 1000/s (500/s × 2)'],
  ] as const)('scales the rate %s by %d', (limit, factor, value, scaledLimit) => {
    const scaled = scaleThreshold(specOf({ http: { rate: limit } }), factor, factor)
    expect(scaled).toMatchObject({ limit, scaledLimit })
    expect(scaled.value).toBeCloseTo(value, 9)
  })

  it('scales octets a second, and not those of a probe', () => {
    expect(scaleThreshold(specOf({ bytes: { rate: '< 10MB/s' } }), 0.1, 0.1)).toMatchObject({ value: 1e6 })
    const disk = specOf({ process: { disk: '< 100MB/s' } })
    expect(scaleThreshold(disk, 0.1, 0.1)).toBe(disk)
  })

  it.each([
    [0.1, 0.1, 'less'],
    [1, 0.5, 'less'],
    [2, 1, 'more'],
    [0.1, 3, 'other'],
  ] as const)('leaves a count, and says that %d times the load for %d times as long is %s', (load, time, amount) => {
    expect(scaleThreshold(specOf({ iterations: { count: '>= 1000' } }), load, time)).toMatchObject({
      value: 1000,
      amount,
    })
  })

  it.each<Thresholds>([
    { http: { p95: '< 300ms' } },
    { errors: '< 1%' },
    { dropped: '= 0' },
    { process: { memory: '< 512MB' } },
  ])('leaves %o', (thresholds) => {
    const spec = specOf(thresholds)
    expect(scaleThreshold(spec, 0.1, 0.1)).toBe(spec)
  })

  it('leaves everything when only the length of the run differs, but counts', () => {
    const rate = specOf({ http: { rate: '>= 500/s' } })
    expect(scaleThreshold(rate, 1, 0.1)).toBe(rate)
  })
})
