import { expect, it } from 'vitest'
import type { FaultReport } from '../worker/fault-book.ts'
import { Listeners } from './listeners.ts'
import type { SocketOwner } from './socket-owner.ts'

function setUp() {
  const faults: FaultReport[] = []
  const owner = {
    id: 3,
    journeyName: 'talk',
    stopped: false,
    context: { faults: { add: (one: FaultReport) => faults.push(one) } },
  }
  return { owner, faults, listeners: new Listeners(owner as unknown as SocketOwner) }
}

it('calls all listeners of a name in their order, and none of another', () => {
  const { listeners } = setUp()
  const heard: unknown[] = []
  listeners.add('said', (a: unknown, b: unknown) => heard.push(['first', a, b]))
  listeners.add('said', (a: unknown) => heard.push(['second', a]))
  listeners.add('left', () => heard.push('left'))
  listeners.call('said', 1, 2)
  listeners.call('joined')
  expect(heard).toEqual([
    ['first', 1, 2],
    ['second', 1],
  ])
  expect([listeners.has('said'), listeners.has('joined')]).toEqual([true, false])
})

it('reports what a listener throws, now or later, as a fault of the journey, and calls the next one', async () => {
  const { listeners, faults } = setUp()
  const [now, later] = [new Error('now'), new Error('later')]
  let called = false
  listeners.add('said', () => {
    throw now
  })
  listeners.add('said', () => Promise.reject(later))
  listeners.add('said', () => {
    called = true
  })
  listeners.call('said')
  await Promise.resolve()
  expect(called).toBe(true)
  expect(faults).toEqual([now, later].map((cause) => ({ kind: 'threw', journey: 'talk', user: 3, cause })))
})

it('is silent about a user who has been stopped', () => {
  const { owner, listeners, faults } = setUp()
  listeners.add('said', () => {
    throw new Error('stopped')
  })
  owner.stopped = true
  listeners.call('said')
  expect(faults).toEqual([])
})
