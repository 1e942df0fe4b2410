import { expect, test } from 'vitest'
import { FakeClock } from '../../base/fake-clock.ts'
import { millis, seconds } from '../../base/units.ts'
import { Timeline } from '../worker/timeline.ts'
import { lingerForDeliveries } from './linger.ts'

function setUp(grace: number) {
  const clock = new FakeClock()
  const ledger = { lastPublishedAt: millis(0) }
  const context = {
    clock,
    timeline: new Timeline(clock, { precise: false }),
    deliveries: { grace: millis(grace), ledger },
    deadline: millis(Number.POSITIVE_INFINITY),
  }
  let leftAt: number | undefined
  const linger = () => {
    void lingerForDeliveries(context as never).then(() => {
      leftAt = clock.now()
    })
  }
  return { clock, context, ledger, linger, leftAt: () => leftAt }
}

test('users stay until the last message has had its grace, also when it was published meanwhile', async () => {
  const { clock, ledger, linger, leftAt } = setUp(1000)
  linger()
  await clock.advance(millis(500))
  ledger.lastPublishedAt = clock.now()
  await clock.advance(millis(1000))
  expect(leftAt()).toBeUndefined()
  await clock.advance(millis(150))
  await clock.advance(millis(50))
  expect(leftAt()).toBeGreaterThanOrEqual(1650)
})

test('but not for ever, where others go on publishing', async () => {
  const { clock, ledger, linger, leftAt } = setUp(1000)
  linger()
  for (let i = 0; i < 40; i++) {
    ledger.lastPublishedAt = clock.now()
    await clock.advance(millis(100))
  }
  expect(leftAt()).toBeLessThanOrEqual(3100)
})

test('and not at all where nothing is accounted for, or the run is cut short', async () => {
  const none = setUp(0)
  none.linger()
  await none.clock.advance(millis(1))
  expect(none.leftAt()).toBeLessThanOrEqual(1)
  const cut = setUp(1000)
  cut.context.deadline = seconds(0)
  cut.linger()
  await cut.clock.advance(millis(1))
  expect(cut.leftAt()).toBeLessThanOrEqual(1)
})
