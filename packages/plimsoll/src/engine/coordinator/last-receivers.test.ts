import { describe, expect, it } from 'vitest'
import { LastReceivers } from './last-receivers.ts'

const told = (lasts: Record<string, number>) => ({ messages: Object.keys(lasts), micros: Object.values(lasts) })

describe('the last receivers of messages', () => {
  it('are known once all workers have told, and are the slowest of them', () => {
    const lasts = new LastReceivers(2)
    lasts.add(told({ 'said\nlobby\n1': 3000, 'said\nlobby\n2': 8000 }))
    expect(lasts.take()).toEqual([])
    lasts.add(told({ 'said\nlobby\n1': 9000 }))
    expect(lasts.take()).toMatchObject([
      { metric: 'delivery.last_receiver', scope: 'endpoint', name: 'said', count: 1, max: 9000 },
    ])
    expect(lasts.take()).toEqual([])
  })

  it('are kept apart by event', () => {
    const lasts = new LastReceivers(1)
    lasts.add(told({ 'said\nlobby\n1': 10, 'moved\nlobby\n1': 20, 'said\nhall\n2': 30 }))
    expect(lasts.take()).toMatchObject([
      { name: 'said', count: 2, sum: 40 },
      { name: 'moved', count: 1, sum: 20 },
    ])
  })

  it('say nothing of a message that nobody received', () => {
    const lasts = new LastReceivers(2)
    lasts.add(told({ 'said\nlobby\n1': -1 }))
    lasts.add(told({ 'said\nlobby\n1': -1 }))
    expect(lasts.take()).toEqual([])
  })
})
