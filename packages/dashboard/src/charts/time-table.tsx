import type { JSX } from 'preact'
import { clock } from '../view/format.ts'
import { ChartTable } from './chart-table.tsx'
import { useZoom } from './time-range.ts'

export interface TimeColumn {
  readonly label: string
  readonly values: readonly (number | null)[]
  readonly format: (value: number) => string
}

/** The figures behind charts over time: the stretch that they show, a row a point. */
export function TimeTable(props: { label: string; x: readonly number[]; columns: readonly TimeColumn[] }): JSX.Element {
  const { label, x, columns } = props
  const { range, full } = useZoom()
  const [from, to] = range ?? full
  const rows = (): string[][] =>
    x.flatMap((second, at) => {
      if (second < from || second > to) return []
      return [[clock(second, true), ...columns.map(({ values, format }) => reading(values[at], format))]]
    })
  return <ChartTable label={label} head={['Time', ...columns.map((column) => column.label)]} rows={rows} />
}

/** A value at a point in time, or a dash where there was none. */
export const reading = (value: number | null | undefined, format: (value: number) => string): string =>
  value === null || value === undefined ? '–' : format(value)
