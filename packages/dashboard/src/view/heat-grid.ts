import type { Histogram } from '../../../plimsoll/src/measure/histogram.ts'

/** How many answers took how long, when. */
export interface HeatGrid {
  readonly columns: readonly { readonly from: number; readonly to: number }[]
  readonly rows: number
  /** Lower edge of the lowest row and upper edge of the highest, in milliseconds; rows are even in log(latency). */
  readonly lowest: number
  readonly highest: number
  /** Answers per second, row by row from the lowest latency within each column. */
  readonly cells: Float64Array
  readonly peak: number
}

export interface HeatColumn {
  /** Seconds since the run's start. */
  readonly from: number
  readonly to: number
  readonly histogram: Histogram | undefined
}

/** Bins histograms over time into rows of even log(latency); undefined when nothing was recorded. */
export function heatGrid(columns: readonly HeatColumn[], rows: number): HeatGrid | undefined {
  let least = Number.POSITIVE_INFINITY
  let most = 0
  for (const { histogram } of columns) {
    if (histogram === undefined || histogram.count === 0) continue
    least = Math.min(least, histogram.min)
    most = Math.max(most, histogram.max)
  }
  if (most === 0) return undefined
  const lowest = Math.max(1, least) / 1000 / 1.05
  const highest = (Math.max(most, 2) / 1000) * 1.05
  const scale = rows / Math.log(highest / lowest)
  const cells = new Float64Array(columns.length * rows)
  let peak = 0
  columns.forEach(({ histogram, from, to }, column) => {
    if (histogram === undefined || to <= from) return
    for (const bucket of histogram.buckets()) {
      const ms = Math.max(1, (bucket.from + bucket.to) / 2) / 1000
      const row = Math.min(rows - 1, Math.max(0, Math.floor(Math.log(ms / lowest) * scale)))
      const cell = column * rows + row
      const value = (cells[cell] ?? 0) + bucket.count / (to - from)
      cells[cell] = value
      if (value > peak) peak = value
    }
  })
  return { columns, rows, lowest, highest, cells, peak }
}

/** The latencies that a row covers, in milliseconds. */
export function rowBounds(grid: HeatGrid, row: number): readonly [low: number, high: number] {
  const edge = (at: number): number => grid.lowest * (grid.highest / grid.lowest) ** (at / grid.rows)
  return [edge(row), edge(row + 1)]
}

/** 0 to 1: the logarithm makes the rare slow answers visible beside the many quick ones. */
export const intensity = (value: number, peak: number): number =>
  value <= 0 ? 0 : Math.log1p((value / peak) * 500) / Math.log1p(500)
