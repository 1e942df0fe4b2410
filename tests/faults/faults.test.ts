import { afterAll, beforeAll, expect, it } from 'vitest'
import { Deployment } from '../../benchmarks/harbor/deployment.ts'
import { endure } from '../../benchmarks/harbor/faults.ts'

let deployment: Deployment
beforeAll(async () => {
  deployment = await Deployment.start({ instances: 2 })
})
afterAll(() => deployment?.stop())

it('loses and doubles nothing while an instance and Redis are killed, as Plimsoll accounts for it', async () => {
  const away: number[] = []
  const fault = {
    name: 'both',
    title: 'an instance and Redis',
    seconds: 10,
    async cause() {
      deployment.kill(0)
      await deployment.redis.restart(1)
      away.push(1)
    },
  }
  const { deliveries, result } = await endure(deployment, fault, { users: 20, perMinute: 600, ramp: 1, before: 1 })
  expect(away).toEqual([1])
  expect(deliveries).toMatchObject({ lost: 0, duplicated: 0, foreign: 0, out_of_order: 0 })
  // Nothing remains in doubt: who was not answered asked again, under the same name.
  expect(deliveries.received).toBe(deliveries.expected)
  expect(deliveries.published).toBeGreaterThan(50)
  const reconnects = result.metrics.find(({ name }) => name === 'reconnect.time')
  expect(reconnects?.count).toBeGreaterThan(0)
})
