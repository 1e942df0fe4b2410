import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { clampRange, stretch, type TimeRange } from './time-range.ts'

const full: TimeRange = [0, 300]

describe('time ranges', () => {
  it('stay inside the run, whichever way they were drawn', () => {
    expect(clampRange([150, 75], full)).toEqual([75, 150])
    expect(clampRange([-20, 90], full)).toEqual([0, 90])
  })
  it('are none when they are all of the run or too short to be meant', () => {
    expect(clampRange([-1, 301], full)).toBeUndefined()
    expect(clampRange([10, 10.5], full)).toBeUndefined()
  })
  it('zoom and move without leaving the run', () => {
    expect(stretch(full, 0.5, 0, full)).toEqual([75, 225])
    expect(stretch([75, 225], 1, 1, full)).toEqual([150, 300])
    const range = fc.tuple(fc.double({ min: 0, max: 298, noNaN: true }), fc.double({ min: 2, max: 300, noNaN: true }))
    fc.assert(
      fc.property(
        range,
        fc.constantFrom(0.5, 1, 2),
        fc.constantFrom(-0.25, 0, 0.25),
        ([from, length], factor, move) => {
          const next = stretch([from, Math.min(300, from + length)], factor, move, full)
          expect(next === undefined || (next[0] >= 0 && next[1] <= 300.000001 && next[0] < next[1])).toBe(true)
        },
      ),
    )
  })
})
