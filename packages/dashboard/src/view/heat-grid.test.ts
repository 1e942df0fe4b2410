import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { micros } from '../../../plimsoll/src/base/units.ts'
import { Histogram } from '../../../plimsoll/src/measure/histogram.ts'
import { heatGrid, intensity, rowBounds } from './heat-grid.ts'

const of = (values: readonly number[]): Histogram => {
  const histogram = new Histogram()
  for (const value of values) histogram.record(micros(value))
  return histogram
}

describe('heatGrid', () => {
  it('counts every answer exactly once, per second', () => {
    const column = fc.array(fc.integer({ min: 0, max: 3_600_000_000 }), { maxLength: 60 })
    fc.assert(
      fc.property(fc.array(column, { minLength: 1, maxLength: 8 }), (columns) => {
        const grid = heatGrid(
          columns.map((values, at) => ({ from: at * 2, to: at * 2 + 2, histogram: of(values) })),
          20,
        )
        const total = grid === undefined ? 0 : grid.cells.reduce((sum, value) => sum + value * 2, 0)
        const recorded = columns.flat()
        // A run in which nothing took even a microsecond has no latency axis.
        expect(total).toBeCloseTo(recorded.some((value) => value > 0) ? recorded.length : 0, 6)
      }),
    )
  })

  it('puts each latency into the row whose bounds hold it', () => {
    const grid = heatGrid([{ from: 0, to: 1, histogram: of([1000, 50_000, 2_000_000]) }], 24)
    if (grid === undefined) throw new Error('there is something to show')
    const rows = [...grid.cells.keys()].filter((row) => (grid.cells[row] ?? 0) > 0)
    expect(rows).toHaveLength(3)
    for (const [at, ms] of [1, 50, 2000].entries()) {
      const [low, high] = rowBounds(grid, rows[at] ?? -1)
      expect(low).toBeLessThanOrEqual(ms)
      expect(high).toBeGreaterThan(ms)
    }
  })

  it('is nothing when nothing was recorded', () => {
    expect(heatGrid([{ from: 0, to: 1, histogram: undefined }], 24)).toBeUndefined()
  })

  it('maps counts to colours in order, none to none', () => {
    expect(intensity(0, 100)).toBe(0)
    expect(intensity(1, 100)).toBeGreaterThan(0)
    expect(intensity(50, 100)).toBeLessThan(1)
    expect(intensity(100, 100)).toBe(1)
  })
})
