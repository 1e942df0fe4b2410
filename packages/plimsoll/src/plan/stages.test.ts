import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { millis } from '../base/units.ts'
import type { CompiledShape, Stage } from './compiled.ts'
import { mostUsers, peakOf, stagesDuration, stageTargetAt, totalDuration } from './stages.ts'

const stage = (duration: number, from: number, to: number): Stage => {
  return { kind: from === to ? 'hold' : 'ramp', duration: millis(duration), from, to }
}
const stages = [stage(1000, 0, 10), stage(0, 10, 50), stage(2000, 50, 50), stage(1000, 50, 0)]

describe('stages', () => {
  it('ask for what lies between, jump where one has no length, and for nothing before and after', () => {
    const at = [-1, 0, 500, 999, 1000, 2999, 3500, 4000, 9000]
    expect(at.map((t) => stageTargetAt(stages, millis(t)))).toEqual([0, 0, 5, 9.99, 50, 50, 25, 0, 0])
    expect([stagesDuration(stages), peakOf(stages)]).toEqual([4000, 50])
  })

  it('never ask for more than their peak', () => {
    const one = fc.tuple(fc.nat(5000), fc.nat(1000), fc.nat(1000)).map(([length, from, to]) => stage(length, from, to))
    fc.assert(
      fc.property(fc.array(one), fc.integer({ min: -10, max: 30_000 }), (some, t) => {
        const target = stageTargetAt(some, millis(t))
        expect(target).toBeGreaterThanOrEqual(0)
        expect(target).toBeLessThanOrEqual(peakOf(some))
      }),
    )
  })
})

describe('shapes', () => {
  const shapes = [
    { model: 'closed', startAfter: millis(500), stages },
    { model: 'open', startAfter: millis(0), stages: [stage(6000, 5, 5)], maxUsers: 70 },
    { model: 'iterations', startAfter: millis(1000), maxDuration: millis(9000), users: 3 },
  ] as unknown as readonly CompiledShape[]

  it('last until the last of them is over', () => {
    expect(totalDuration({ shapes })).toBe(10_000)
    expect(totalDuration({ shapes: shapes.slice(0, 2) })).toBe(6000)
    expect(totalDuration({ shapes: [] })).toBe(0)
  })

  it('may have so many users at one time', () => {
    expect(mostUsers({ shapes })).toBe(50 + 70 + 3)
  })
})
