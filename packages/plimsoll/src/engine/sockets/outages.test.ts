import { expect, test } from 'vitest'
import { FakeClock } from '../../base/fake-clock.ts'
import { millis, ratio, seconds } from '../../base/units.ts'
import type { CompiledOutage } from '../../plan/compiled.ts'
import { Timeline } from '../worker/timeline.ts'
import { startOutages } from './outages.ts'

interface Cut {
  readonly user: number
  readonly at: number
  readonly offline: number | undefined
}

function setUp(outage: Partial<CompiledOutage>, users = 100) {
  const clock = new FakeClock()
  const cuts: Cut[] = []
  const openSockets = new Set(
    Array.from({ length: users }, (_, i) => ({
      user: i + 1,
      drop: (offline: number | undefined) => cuts.push({ user: i + 1, at: Math.round(clock.now()), offline }),
    })),
  )
  const whole: CompiledOutage = {
    after: seconds(5),
    every: undefined,
    share: ratio(1),
    offline: undefined,
    spread: false,
    ...outage,
  }
  const context = {
    timeline: new Timeline(clock, { precise: false }),
    openSockets,
    profile: { outages: [whole], shapes: [{ model: 'iterations', startAfter: 0, maxDuration: 35_000 }] },
    load: { seed: 1 },
    settings: { worker: 0 },
    stopping: false,
  }
  startOutages(context as never, millis(0))
  return { clock, cuts, context }
}

test('everybody at one instant, once', async () => {
  const { clock, cuts } = setUp({ offline: { kind: 'constant', value: seconds(2) } })
  await clock.advance(seconds(30))
  expect(cuts).toHaveLength(100)
  expect(cuts.every(({ at, offline }) => Math.abs(at - 5000) < 3 && offline === 2000)).toBe(true)
})

test('a share is the same users every time', async () => {
  const { clock, cuts } = setUp({ every: seconds(10), share: ratio(0.2) })
  await clock.advance(seconds(26))
  const [first, second, third] = [5, 15, 25].map((second) =>
    cuts.filter(({ at }) => Math.abs(at - second * 1000) < 5).map(({ user }) => user),
  )
  expect(first?.length).toBeGreaterThanOrEqual(18)
  expect(first?.length).toBeLessThanOrEqual(22)
  expect(second).toEqual(first)
  expect(third).toEqual(first)
})

test('spread, each user is cut once a period, evenly over it', async () => {
  const { clock, cuts } = setUp({ after: seconds(10), every: seconds(10), spread: true })
  await clock.advance(seconds(30))
  for (const begin of [10_000, 20_000]) {
    const period = cuts.filter(({ at }) => at > begin + 2 && at <= begin + 10_002)
    expect(new Set(period.map(({ user }) => user)).size).toBe(100)
    expect(period).toHaveLength(100)
    const firstHalf = period.filter(({ at }) => at < begin + 5000).length
    expect(Math.abs(firstHalf - 50)).toBeLessThan(8)
  }
})

test('nobody is cut too late to come back before the load ends', async () => {
  const { clock, cuts } = setUp({ every: seconds(10), offline: { kind: 'uniform', min: seconds(1), max: seconds(6) } })
  await clock.advance(seconds(40))
  expect(new Set(cuts.map(({ at }) => Math.round(at / 1000)))).toEqual(new Set([5, 15, 25]))
})

test('nobody is cut once the run is stopping', async () => {
  const { clock, cuts, context } = setUp({})
  context.stopping = true
  await clock.advance(seconds(10))
  expect(cuts).toEqual([])
})
