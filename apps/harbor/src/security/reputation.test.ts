import { pino } from 'pino'
import { expect, it } from 'vitest'
import { HttpError } from '../http/http-error.ts'
import { openRedis } from '../redis/redis.ts'
import { Reputation } from './reputation.ts'

const minute = 60_000

function setUp() {
  const clock = { now: Date.now() }
  const bans: { address: string; until: Date }[] = []
  const redis = openRedis(undefined, {
    log: pino({ level: 'silent' }),
    observer: { command: () => undefined, failure: () => undefined },
  })
  const make = () =>
    new Reputation({ redis, onBan: (address, until) => bans.push({ address, until }), now: () => clock.now })
  return { clock, bans, make }
}

it('bans below the floor, and pardons when half is recovered', async () => {
  const { clock, bans, make } = setUp()
  const reputation = make()
  await reputation.lower('1.2.3.4', 80)
  reputation.admit('1.2.3.4')
  await reputation.lower('1.2.3.4', 1)
  expect(() => reputation.admit('1.2.3.4')).toThrow(HttpError)
  reputation.admit('1.2.3.5')
  expect(bans).toEqual([{ address: '1.2.3.4', until: new Date(clock.now + 31 * minute) }])
  clock.now += 31 * minute - 1
  expect(() => reputation.admit('1.2.3.4')).toThrow(HttpError)
  clock.now += 1
  reputation.admit('1.2.3.4')
})

it('recovers a point a minute, and never above the best', async () => {
  const { clock, bans, make } = setUp()
  const reputation = make()
  for (let index = 0; index < 100; index += 1) {
    await reputation.lower('1.2.3.4', 5)
    clock.now += 5 * minute
  }
  expect(bans).toEqual([])
  clock.now += 1000 * minute
  await reputation.lower('1.2.3.4', 79)
  expect(bans).toEqual([])
  await reputation.lower('1.2.3.4', 5)
  expect(bans).toHaveLength(1)
})

it('is known to instances that are there, and to those that come later', async () => {
  const { make } = setUp()
  const [one, other] = [make(), make()]
  await other.start()
  await one.lower('1.2.3.4', 90)
  const late = make()
  await late.start()
  for (const each of [one, other, late]) expect(() => each.admit('1.2.3.4')).toThrow(HttpError)
})
