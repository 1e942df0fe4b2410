import { describe, expect, it } from 'vitest'
import { FakeClock } from '../../base/fake-clock.ts'
import { millis } from '../../base/units.ts'
import { createPulse } from '../pulse.ts'
import { type Stuck, watchPulses } from './watchdog.ts'

function watch(workers: number) {
  const clock = new FakeClock()
  const pulses = Array.from({ length: workers }, () => createPulse())
  const stuck: Stuck[] = []
  const stop = watchPulses(pulses, { clock, limit: millis(5000), onStuck: (one) => stuck.push(one) })
  const beat = (worker: number): void => pulses[worker]?.beat()
  return { clock, pulses, stuck, stop, beat }
}

describe('the watchdog', () => {
  it('names the journey that had control last in a worker whose loop stands still, once', () => {
    const { clock, pulses, stuck, beat } = watch(2)
    pulses[1]?.enter(3, 42)
    for (let i = 0; i < 40; i++) {
      beat(0)
      clock.advance(millis(250))
    }
    expect(stuck).toEqual([{ worker: 1, journey: 3, user: 42 }])
  })

  it('counts from the last beat that it saw', () => {
    const { clock, stuck, beat } = watch(1)
    clock.advance(millis(4900))
    beat(0)
    clock.advance(millis(4900))
    expect(stuck).toEqual([])
    clock.advance(millis(700))
    expect(stuck).toHaveLength(1)
  })

  it('reads pulses from the memory that a worker writes', () => {
    const { clock, pulses, stuck } = watch(1)
    const own = createPulse(pulses[0]?.buffer)
    for (let i = 0; i < 40; i++) {
      own.beat()
      clock.advance(millis(250))
    }
    expect(stuck).toEqual([])
  })

  it('looks no more when it is told to stop', () => {
    const { clock, stuck, stop } = watch(1)
    stop()
    clock.advance(millis(60_000))
    expect(stuck).toEqual([])
  })
})
