import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { seconds } from '../base/units.ts'
import { compilePlan } from './compile/compile-plan.ts'
import type { CompiledProfile, CompiledShape } from './compiled.ts'
import { journey } from './journey.ts'
import { arrivals } from './load/arrivals.ts'
import type { LoadShape } from './load/shape.ts'
import { users } from './load/users.ts'
import { plan } from './plan.ts'
import { scaleProfile } from './scale.ts'
import { totalDuration } from './stages.ts'

function profileOf(load: LoadShape | LoadShape[], warmUp: '0s' | '10s' = '0s'): CompiledProfile {
  const result = compilePlan(
    plan({
      name: 'x',
      system: { url: 'http://a' },
      journeys: [journey('x', () => {})],
      profiles: {
        p: { load, warmUp, thresholds: { errors: { limit: '< 1%', abort: { after: '20s' } } } },
      },
    }),
  )
  if ('problems' in result) throw new Error(JSON.stringify(result.problems))
  return result.plan.profiles['p'] as CompiledProfile
}

const scaled = (load: LoadShape, factor: number, duration?: ReturnType<typeof seconds>): CompiledShape =>
  scaleProfile(profileOf(load), factor, duration).shapes[0] as CompiledShape

describe('scaleProfile', () => {
  test('a tenth is a tenth of the users and of the time', () => {
    expect(scaled(users.ramp('1m', 500).hold('10m').after('10s'), 0.1)).toMatchObject({
      startAfter: 1000,
      stages: [
        { duration: 6000, from: 0, to: 50 },
        { duration: 60_000, from: 50, to: 50 },
      ],
      gracefulStop: 30_000,
    })
  })

  test('users are at least one, rates keep their fraction', () => {
    expect(scaled(users(3).for('1m').rampDown('1m'), 0.1)).toMatchObject({
      stages: [
        { from: 1, to: 1 },
        { from: 1, to: 0 },
      ],
    })
    expect(scaled(arrivals(3).for('1m').max(5), 0.1)).toMatchObject({ stages: [{ from: 3 * 0.1 }], maxUsers: 1 })
  })

  test('iterations stand for time; shared ones shrink with the users as well', () => {
    expect(scaled(users(100).iterations(50), 0.1)).toMatchObject({ users: 10, iterations: 5, maxDuration: 60_000 })
    expect(scaled(users(100).iterations(5000, { shared: true }), 0.1)).toMatchObject({ users: 10, iterations: 50 })
  })

  test('warm-up and the delay of aborting follow the time', () => {
    const profile = scaleProfile(profileOf(users(10).for('1m'), '10s'), 0.5)
    expect(profile.warmUp).toBe(5000)
    expect(profile.thresholds[0]?.abortAfter).toBe(10_000)
  })

  test('a duration cuts iterations off and stretches stages', () => {
    const both = scaleProfile(profileOf([users(2).for('1m'), users(2).iterations(10)]), 1, seconds(120))
    expect(both.shapes).toMatchObject([{ stages: [{ duration: 120_000 }] }, { maxDuration: 120_000, iterations: 20 }])
  })

  test('with a duration, the whole lasts that long', () => {
    const stage = fc.record({ seconds: fc.integer({ min: 1, max: 3600 }), to: fc.nat(1000) })
    const shape = fc
      .record({ stages: fc.array(stage, { minLength: 1, maxLength: 5 }), after: fc.nat(600) })
      .map(({ stages, after }) =>
        stages.reduce((load, { seconds, to }) => load.ramp(`${seconds}s`, to), users(1).for('1s')).after(`${after}s`),
      )
    fc.assert(
      fc.property(
        fc.array(shape, { minLength: 1, maxLength: 3 }),
        fc.integer({ min: 1, max: 7200 }),
        (shapes, length) => {
          expect(totalDuration(scaleProfile(profileOf(shapes), 1, seconds(length)))).toBeCloseTo(length * 1000, 5)
        },
      ),
      { numRuns: 50 },
    )
  })
})
