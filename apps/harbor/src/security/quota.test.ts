import fc from 'fast-check'
import { expect, it } from 'vitest'
import { LocalKeyValue } from '../redis/in-process.ts'
import type { KeyValue, ShareLimit } from '../redis/key-value.ts'
import { Quota } from './quota.ts'

const window = 60_000

/** A store that `instances` quotas ask, and how often they did. */
function setUp({ limit = 1000, instances = 1 } = {}) {
  const clock = { now: 1_000_000, questions: 0 }
  const local = new LocalKeyValue(() => clock.now)
  const store = {
    takeShare: (key: string, options: ShareLimit) => {
      clock.questions += 1
      return local.takeShare(key, options)
    },
  } as KeyValue
  const make = () => new Quota({ store, name: 'test', limit, window, most: 50, now: () => clock.now })
  const quotas = Array.from({ length: instances }, make)
  return { clock, quotas, quota: quotas[0] ?? make() }
}

it('gives the whole limit, and says once that it is exceeded', async () => {
  const { quota, clock } = setUp({ limit: 1000 })
  for (let index = 0; index < 1000; index += 1) expect(await quota.consume('anna')).toBeUndefined()
  expect(await quota.consume('anna')).toEqual({ msBeforeNext: window, isFirst: true })
  clock.now += 1000
  expect(await quota.consume('anna')).toEqual({ msBeforeNext: window - 1000, isFirst: false })
  expect(await quota.consume('bert')).toBeUndefined()
})

it('asks the store once for dozens of requests, and not at all for those that it refuses', async () => {
  const { quota, clock } = setUp({ limit: 1000 })
  for (let index = 0; index < 50; index += 1) await quota.consume('anna')
  expect(clock.questions).toBe(1)
  for (let index = 50; index < 1001; index += 1) await quota.consume('anna')
  const { questions } = clock
  expect(questions).toBeLessThan(130)
  for (let index = 0; index < 1000; index += 1) await quota.consume('anna')
  expect(clock.questions).toBe(questions)
})

it('gives those who come all at once no more and no less', async () => {
  const { quota } = setUp({ limit: 100 })
  const answers = await Promise.all(Array.from({ length: 300 }, () => quota.consume('anna')))
  expect(answers.filter((answer) => answer === undefined)).toHaveLength(100)
  expect(answers.filter((answer) => answer?.isFirst)).toHaveLength(1)
})

it('begins anew when the window is over, and carries nothing over', async () => {
  const { quota, quotas, clock } = setUp({ limit: 1000, instances: 2 })
  await quota.consume('anna')
  clock.now += window
  let given = 0
  for (let index = 0; index < 2000; index += 1) {
    const answers = await Promise.all(quotas.map((each) => each.consume('anna')))
    given += answers.filter((answer) => answer === undefined).length
  }
  expect(given).toBe(1000)
})

it('never gives more than the limit on all instances, and keeps a twentieth back on each at the most', () =>
  fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 300 }),
      fc.array(fc.record({ instance: fc.nat(2), times: fc.integer({ min: 1, max: 60 }) }), { maxLength: 30 }),
      async (limit, turns) => {
        const { quotas } = setUp({ limit, instances: 3 })
        let given = 0
        for (const { instance, times } of [...turns, { instance: 0, times: limit + 1 }]) {
          const answers = Array.from({ length: times }, () => quotas[instance]?.consume('anna'))
          given += (await Promise.all(answers)).filter((answer) => answer === undefined).length
        }
        expect(given).toBeLessThanOrEqual(limit)
        expect(given).toBeGreaterThanOrEqual(limit - 2 * Math.floor(limit / 20))
      },
    ),
  ))
