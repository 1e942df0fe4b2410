import { describe, expectTypeOf, test } from 'vitest'
import {
  arrivals,
  type Feeder,
  feeder,
  type Journey,
  journey,
  type PlanDefinition,
  plan,
  type User,
  users,
} from '../index.ts'
import type { ArrivalsLoad } from './load/arrivals.ts'
import type { IterationsLoad, UsersLoad } from './load/users.ts'

// what wrong plans are told is held by tests/plan/type-messages.test.ts
describe('types of the plan language', () => {
  const rest = {
    name: 'x',
    system: { url: 'http://127.0.0.1' },
    profiles: { smoke: { load: users(1).for('1s') } },
  }

  test('a plan carries the type of what its setup returns, promised or not', () => {
    const journeys = [journey<{ token: string }>('x', () => {})]
    const promised = plan({ ...rest, journeys, setup: async ({ url }) => ({ token: url }) })
    const direct = plan({ ...rest, journeys, setup: () => ({ token: 'x' }) })
    expectTypeOf(promised).toEqualTypeOf<PlanDefinition<{ token: string }>>()
    expectTypeOf(direct).toEqualTypeOf<PlanDefinition<{ token: string }>>()
    plan({
      ...rest,
      journeys,
      setup: async ({ http }) => ({ token: (await http.get('/')).text() }),
      begin: (user) => expectTypeOf(user.data).toEqualTypeOf<{ token: string }>(),
      teardown: (_, data) => expectTypeOf(data).toEqualTypeOf<{ token: string }>(),
    })
  })

  test('a journey knows its user', () => {
    expectTypeOf(journey('x', (user) => expectTypeOf(user).toEqualTypeOf<User<unknown>>())).toEqualTypeOf<
      Journey<unknown>
    >()
    expectTypeOf(journey<number>('x', { weight: 2 }, () => {})).toEqualTypeOf<Journey<number>>()
  })

  test('shapes stay what they are through every method', () => {
    expectTypeOf(users.ramp('1m', 5).hold('1m').named('x').after('1s')).toEqualTypeOf<UsersLoad>()
    expectTypeOf(arrivals(5).for('1m').even().gracefulStop('1s').max(3)).toEqualTypeOf<ArrivalsLoad>()
    expectTypeOf(users(5).iterations(5).journeys('x')).toEqualTypeOf<IterationsLoad>()
  })

  test('feeders give the rows of their source', () => {
    expectTypeOf(feeder([{ id: 1 }])).toEqualTypeOf<Feeder<{ id: number }>>()
    expectTypeOf(feeder<{ city: string }>).returns.toEqualTypeOf<Feeder<{ city: string }>>()
  })
})
