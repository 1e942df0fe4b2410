import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { millis } from '../base/units.ts'
import { arrivalsBefore, arrivalsIn, instantOfArrival } from './arrivals.ts'
import type { Stage } from './compiled.ts'
import { stagesDuration, stageTargetAt } from './stages.ts'

const stage = (kind: Stage['kind'], duration: number, from: number, to = from): Stage => ({
  kind,
  duration: millis(duration),
  from,
  to,
})

/** Millionths of the whole: arrivals nearer to 0 than any clock resolves only test the underflow of doubles. */
const part = fc.nat(999_999).map((value) => value / 1e6)
const rate = fc.oneof(fc.constant(0), fc.double({ min: 0.01, max: 50_000, noNaN: true }))
const stages = fc
  .array(fc.record({ duration: fc.integer({ min: 1, max: 600_000 }), hold: fc.boolean(), to: rate }), {
    minLength: 1,
    maxLength: 6,
  })
  .map((parts) => {
    let from = 0
    return parts.map(({ duration, hold, to }): Stage => {
      const made = hold ? stage('hold', duration, to) : stage('ramp', duration, from, to)
      from = to
      return made
    })
  })

describe('arrivals of a linear rate', () => {
  test('a hold of 500/s for 2 s is 1,000 arrivals, 2 ms apart', () => {
    const hold = [stage('hold', 2000, 500)]
    expect(arrivalsIn(hold)).toBe(1000)
    expect([0, 1, 2, 999].map((k) => instantOfArrival(hold, k))).toEqual([0, 2, 4, 1998])
    expect(instantOfArrival(hold, 1000)).toBeUndefined()
  })

  test('a ramp from 0 to 100/s over 10 s is 500 arrivals; half its time brings a quarter of them', () => {
    const ramp = [stage('ramp', 10_000, 0, 100)]
    expect(arrivalsIn(ramp)).toBe(500)
    expect(arrivalsBefore(ramp, millis(5000))).toBe(125)
    expect(instantOfArrival(ramp, 125)).toBe(5000)
    expect(instantOfArrival(ramp, 0)).toBe(0)
  })

  test('a stage without arrivals is passed over', () => {
    expect(instantOfArrival([stage('hold', 1000, 0), stage('hold', 1000, 10)], 0)).toBe(1000)
    expect(instantOfArrival([stage('hold', 1000, 0)], 0)).toBeUndefined()
  })

  test('ramping down to nothing puts the last arrival before the end', () => {
    const down = [stage('ramp', 10_000, 100, 0)]
    const last = instantOfArrival(down, 499.999) as number
    expect(last).toBeGreaterThan(9900)
    expect(last).toBeLessThanOrEqual(10_000)
  })

  test('instantOfArrival is the inverse of arrivalsBefore', () => {
    fc.assert(
      fc.property(stages, part, (shape, share) => {
        const total = arrivalsIn(shape)
        fc.pre(total > 0)
        const k = share * total
        const instant = instantOfArrival(shape, k)
        expect(instant).toBeDefined()
        expect(Math.abs(arrivalsBefore(shape, instant as typeof instant & {}) - k)).toBeLessThan(
          1e-6 * Math.max(1, total),
        )
      }),
    )
  })

  test('instants never go back', () => {
    fc.assert(
      fc.property(stages, part, part, (shape, a, b) => {
        const total = arrivalsIn(shape)
        const [first, second] = [
          instantOfArrival(shape, Math.min(a, b) * total),
          instantOfArrival(shape, Math.max(a, b) * total),
        ]
        if (first !== undefined && second !== undefined) expect(first).toBeLessThanOrEqual(second)
      }),
    )
  })

  test('arrivalsBefore agrees with adding up the target in small steps, and ends at the total', () => {
    fc.assert(
      fc.property(stages, (shape) => {
        const end = stagesDuration(shape)
        expect(arrivalsBefore(shape, end)).toBeCloseTo(arrivalsIn(shape), 6)
        const steps = 2000
        let sum = 0
        for (let i = 0; i < steps; i++)
          sum += (stageTargetAt(shape, millis(((i + 0.5) * end) / steps)) * end) / steps / 1000
        const peak = Math.max(...shape.map(({ from, to }) => Math.max(from, to)))
        expect(Math.abs(sum - arrivalsIn(shape))).toBeLessThanOrEqual(
          (shape.length + 1) * ((peak * end) / steps / 1000) + 1e-6,
        )
      }),
      { numRuns: 50 },
    )
  })
})

describe('stageTargetAt', () => {
  test('follows the stages and is 0 outside of them', () => {
    const shape = [stage('ramp', 1000, 0, 100), stage('hold', 1000, 100), stage('ramp', 500, 100, 0)]
    const at = [-1, 0, 250, 1000, 1999, 2250, 2500].map((t) => stageTargetAt(shape, millis(t)))
    expect(at).toEqual([0, 0, 25, 100, 100, 50, 0])
  })
})
