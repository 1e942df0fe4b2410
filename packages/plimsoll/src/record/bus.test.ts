import { describe, expect, it } from 'vitest'
import { millis } from '../base/units.ts'
import { EventBus } from './bus.ts'
import type { RunEventBody } from './events.ts'

const sample = (cpu: number): RunEventBody => ({ type: 'probe', probe: 'process', at: millis(0), values: { cpu } })
const never = (error: unknown): never => {
  throw error
}

describe('EventBus', () => {
  it('numbers events without gaps, from 0', () => {
    const bus = new EventBus(never)
    const seen: number[] = []
    bus.subscribe((event) => seen.push(event.seq))
    expect(bus.publish(sample(1)).seq).toBe(0)
    bus.publish(sample(2))
    expect(seen).toEqual([0, 1])
  })

  it('tells a failing subscriber no more, reports it once and spares the others', () => {
    const errors: unknown[] = []
    const bus = new EventBus((error) => errors.push(error))
    const seen: number[] = []
    bus.subscribe(() => never(new Error('disk full')))
    bus.subscribe((event) => seen.push(event.seq))
    bus.publish(sample(1))
    bus.publish(sample(2))
    expect(seen).toEqual([0, 1])
    expect(errors).toEqual([new Error('disk full')])
  })

  it('keeps the order for everybody when a subscriber publishes', () => {
    const bus = new EventBus(never)
    const seen: number[] = []
    bus.subscribe((event) => {
      if (event.seq === 0) bus.publish(sample(2))
    })
    bus.subscribe((event) => seen.push(event.seq))
    bus.publish(sample(1))
    expect(seen).toEqual([0, 1])
  })

  it('stops telling those who left, also from within an event', () => {
    const bus = new EventBus(never)
    const seen: string[] = []
    const leave = bus.subscribe(() => {
      seen.push('first')
      leaveSecond()
    })
    const leaveSecond = bus.subscribe(() => seen.push('second'))
    bus.publish(sample(1))
    leave()
    bus.publish(sample(2))
    expect(seen).toEqual(['first'])
  })

  it('goes on after its error callback has thrown', () => {
    const bus = new EventBus(never)
    const seen: number[] = []
    bus.subscribe(() => never(new Error('first')))
    bus.subscribe((event) => seen.push(event.seq))
    expect(() => bus.publish(sample(1))).toThrow('first')
    bus.publish(sample(2))
    expect(seen).toContain(1)
  })
})
