import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { FakeClock } from '../../base/fake-clock.ts'
import { millis } from '../../base/units.ts'
import { Timeline } from './timeline.ts'

describe('Timeline', () => {
  it('wakes everybody in order, precise ones within a turn of their instant', () => {
    const clock = new FakeClock()
    const timeline = new Timeline(clock, { precise: true })
    const woken: [number, number][] = []
    for (const due of [30, 10.4, 20.123, 10.1]) timeline.at(millis(due), (at) => woken.push([at, clock.now()]))
    clock.advance(millis(40))
    expect(woken.map(([due]) => due)).toEqual([10.1, 10.4, 20.123, 30])
    for (const [due, at] of woken) {
      expect(at).toBeGreaterThanOrEqual(due)
      expect(at - due).toBeLessThan(0.02)
    }
  })

  it('wakes coarse ones never early and at most a timer tick late', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 500, noNaN: true }), { maxLength: 60 }), (dues) => {
        const clock = new FakeClock()
        const timeline = new Timeline(clock, { precise: false })
        const lateness: number[] = []
        for (const due of dues) timeline.at(millis(due), () => lateness.push(clock.now() - due))
        clock.advance(millis(600))
        expect(lateness).toHaveLength(dues.length)
        for (const late of lateness) {
          expect(late).toBeGreaterThanOrEqual(0)
          expect(late).toBeLessThanOrEqual(2)
        }
      }),
    )
  })

  it('never wakes what was cancelled, whatever else is cancelled beside it', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ due: fc.integer({ min: 0, max: 100 }), cancel: fc.boolean() }), { maxLength: 50 }),
        (plans) => {
          const clock = new FakeClock()
          const timeline = new Timeline(clock, { precise: false })
          const woken: number[] = []
          const alarms = plans.map(({ due }, index) => timeline.at(millis(due), () => woken.push(index)))
          plans.forEach(({ cancel }, index) => {
            if (cancel) alarms[index]?.cancel()
          })
          clock.advance(millis(300))
          const expected = plans.flatMap(({ cancel }, index) => (cancel ? [] : [index]))
          expect(woken.sort((a, b) => a - b)).toEqual(expected)
          expect(timeline.pending).toBe(0)
        },
      ),
    )
  })

  it('wakes those who wait when flushed, and not those who come back to wait again', () => {
    const clock = new FakeClock()
    const timeline = new Timeline(clock, { precise: false })
    let wakes = 0
    const again = () => {
      wakes++
      timeline.at(millis(clock.now() + 50), again)
    }
    timeline.at(millis(1000), again)
    timeline.flush()
    expect(wakes).toBe(1)
    expect(timeline.pending).toBe(1)
  })

  it('works a backlog off one wake-up a turn, when each wake-up schedules the next (turns once doubled)', () => {
    const clock = new FakeClock()
    const timeline = new Timeline(clock, { precise: true })
    const wokenAt: number[] = []
    const schedule = (nth: number) => {
      if (nth === 100) return
      timeline.at(millis(nth * 0.0001), () => {
        wokenAt.push(clock.now())
        schedule(nth + 1)
      })
    }
    clock.advance(millis(10))
    schedule(0)
    clock.advance(millis(10))
    expect(wokenAt).toHaveLength(100)
    expect(new Set(wokenAt).size).toBe(100)
  })
})
