import { expect, test } from 'vitest'
import { millis } from '../base/units.ts'
import type { ArrivalsShape, IterationsShape, Stage, UsersShape } from './compiled.ts'
import { hasHold, phaseAt } from './phase.ts'
import { totalDuration } from './stages.ts'

const base = { name: 'x', journeys: [], gracefulStop: millis(0) }
const ramp: Stage = { kind: 'ramp', duration: millis(1000), from: 0, to: 10 }
const hold: Stage = { kind: 'hold', duration: millis(2000), from: 10, to: 10 }
const users: UsersShape = { ...base, model: 'closed', startAfter: millis(0), stages: [ramp, hold] }
const late: ArrivalsShape = {
  ...base,
  model: 'open',
  startAfter: millis(2000),
  stages: [ramp],
  maxUsers: 1,
  spacing: 'even',
}
const iterations: IterationsShape = {
  ...base,
  model: 'iterations',
  startAfter: millis(0),
  users: 1,
  iterations: 1,
  per: 'user',
  maxDuration: millis(500),
}

test('a run is steady while nothing ramps', () => {
  const at = (t: number, warmUp = 0) => phaseAt([users, late], millis(t), millis(warmUp))
  expect([0, 999, 1000, 1999, 2000, 2999, 3000].map((t) => at(t))).toEqual([
    'ramp',
    'ramp',
    'steady',
    'steady',
    'ramp',
    'ramp',
    'stopping',
  ])
  expect(at(1500, 1600)).toBe('warm-up')
  expect(at(1600, 1600)).toBe('steady')
  expect(at(9000, 10_000)).toBe('stopping')
})

test('iterations are steady until they are cut off', () => {
  expect(phaseAt([iterations], millis(499), millis(0))).toBe('steady')
  expect(phaseAt([iterations], millis(500), millis(0))).toBe('stopping')
})

test('a profile of ramps only has no steady part', () => {
  expect(hasHold([late])).toBe(false)
  expect(hasHold([late, users])).toBe(true)
  expect(hasHold([iterations])).toBe(true)
})

test('the profile lasts as long as its last shape', () => {
  expect(totalDuration({ shapes: [users, late, iterations] })).toBe(3000)
  expect(totalDuration({ shapes: [] })).toBe(0)
})
