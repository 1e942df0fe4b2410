import { describe, expect, it } from 'vitest'
import { FakeClock } from '../../base/fake-clock.ts'
import { type Millis, millis } from '../../base/units.ts'
import { Deadlines, type Expiring } from './deadlines.ts'

class Item implements Expiring {
  position = -1
  expires: Millis
  readonly expired: number[] = []
  constructor(expires: number) {
    this.expires = millis(expires)
  }
  expire(now: Millis): void {
    this.expired.push(now)
    this.expires = millis(Number.POSITIVE_INFINITY)
  }
}

describe('deadlines', () => {
  it('tell each item once, at most a grain late', () => {
    const clock = new FakeClock()
    const deadlines = new Deadlines(clock)
    const items = [5, 25, 100].map((expires) => new Item(expires))
    for (const item of items) deadlines.add(item)
    clock.advance(millis(200))
    for (const [i, due] of [5, 25, 100].entries()) {
      expect(items[i]?.expired).toHaveLength(1)
      expect(items[i]?.expired[0]).toBeGreaterThanOrEqual(due)
      expect(items[i]?.expired[0]).toBeLessThanOrEqual(due + 10)
    }
  })

  it('forget what left, in any order, and keep the rest', () => {
    const clock = new FakeClock()
    const deadlines = new Deadlines(clock)
    const items = Array.from({ length: 7 }, () => new Item(50))
    for (const item of items) deadlines.add(item)
    for (const i of [3, 0, 6]) deadlines.remove(items[i] as Item)
    deadlines.remove(items[3] as Item)
    expect(deadlines.size).toBe(4)
    clock.advance(millis(100))
    expect(items.map((item) => item.expired.length)).toEqual([0, 1, 1, 0, 1, 1, 0])
  })

  it('let an item that expires take itself and others away', () => {
    const clock = new FakeClock()
    const deadlines = new Deadlines(clock)
    const items = Array.from({ length: 5 }, () => new Item(5))
    for (const item of items) {
      item.expire = () => {
        for (const other of items) deadlines.remove(other)
      }
      deadlines.add(item)
    }
    clock.advance(millis(50))
    expect(deadlines.size).toBe(0)
  })

  it('rest while there is nothing to watch', () => {
    const clock = new FakeClock()
    let timers = 0
    const after = clock.after.bind(clock)
    clock.after = (delay, callback) => {
      timers++
      return after(delay, callback)
    }
    const deadlines = new Deadlines(clock)
    const item = new Item(1000)
    deadlines.add(item)
    deadlines.remove(item)
    clock.advance(millis(1000))
    expect(timers).toBe(1)
  })
})
