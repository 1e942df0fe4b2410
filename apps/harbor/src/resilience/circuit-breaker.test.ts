import { expect, it } from 'vitest'
import { BreakerOpen, CircuitBreaker } from './circuit-breaker.ts'

function breaker() {
  const clock = { now: 0 }
  const changes: boolean[] = []
  const guard = new CircuitBreaker({
    name: 'It',
    threshold: 3,
    pause: 100,
    now: () => clock.now,
    onChange: (open) => changes.push(open),
  })
  return { guard, clock, changes }
}

it('opens after failures in a row, not after the same number with a success between', () => {
  const { guard, changes } = breaker()
  guard.fail()
  guard.fail()
  guard.succeed()
  guard.fail()
  guard.fail()
  expect(guard.isOpen).toBe(false)
  guard.fail()
  expect(guard.isOpen).toBe(true)
  expect(() => guard.enter()).toThrow(BreakerOpen)
  expect(changes).toEqual([true])
})

it('lets one try after the pause, and closes when it succeeds', () => {
  const { guard, clock, changes } = breaker()
  for (let count = 0; count < 3; count += 1) guard.fail()
  clock.now = 99
  expect(() => guard.enter()).toThrow(BreakerOpen)
  clock.now = 100
  guard.enter()
  expect(() => guard.enter()).toThrow(BreakerOpen)
  guard.succeed()
  guard.enter()
  guard.enter()
  expect(changes).toEqual([true, false])
})

it('stays open when the one that tried fails, and lets another try when its answer never comes', () => {
  const { guard, clock } = breaker()
  for (let count = 0; count < 3; count += 1) guard.fail()
  clock.now = 100
  guard.enter()
  guard.fail()
  clock.now = 199
  expect(() => guard.enter()).toThrow(BreakerOpen)
  clock.now = 200
  guard.enter()
  clock.now = 300
  guard.enter()
})
