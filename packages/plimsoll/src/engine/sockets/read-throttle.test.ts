import { expect, test } from 'vitest'
import { FakeClock } from '../../base/fake-clock.ts'
import { millis } from '../../base/units.ts'
import { Timeline } from '../worker/timeline.ts'
import { parseReadRate, ReadThrottle } from './read-throttle.ts'

test('rates are bytes per second, in thousands or 1024s', () => {
  expect(parseReadRate('10KB/s')).toBe(10)
  expect(parseReadRate('1MiB/s')).toBe(1024 ** 2 / 1000)
  expect(parseReadRate('paused')).toBe(0)
  expect(parseReadRate('0KB/s')).toBeUndefined()
  expect(parseReadRate('10KB' as never)).toBeUndefined()
})

test('a slow receiver stops reading for as long as what it has read would have taken', async () => {
  const clock = new FakeClock()
  let reading = true
  const throttle = new ReadThrottle(
    { pause: () => (reading = false), resume: () => (reading = true) },
    clock,
    new Timeline(clock, { precise: false }),
  )
  throttle.set(1)
  throttle.received(100)
  expect(reading).toBe(false)
  await clock.advance(millis(90))
  expect(reading).toBe(false)
  await clock.advance(millis(15))
  expect(reading).toBe(true)
  throttle.set(0)
  expect(reading).toBe(false)
  throttle.set(undefined)
  throttle.received(1_000_000)
  expect(reading).toBe(true)
})
