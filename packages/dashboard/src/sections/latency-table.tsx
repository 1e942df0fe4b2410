import type { JSX } from 'preact'
import { useMemo } from 'preact/hooks'
import { type Column, DataTable } from '../parts/data-table.tsx'
import type { LatencyRow } from '../view/latency-rows.ts'
import { distributionColumns, trafficColumns } from './latency-columns.tsx'

interface LatencyTableProps {
  label: string
  /** What the rows are: `Endpoint`, `Journey`. */
  subject: string
  rows: readonly LatencyRow[]
  name: (row: LatencyRow) => JSX.Element
}

/** Distributions side by side: endpoints, journeys, steps, tags. Latencies in milliseconds. */
export function LatencyTable({ label, subject, rows, name }: LatencyTableProps): JSX.Element {
  const columns = useMemo(
    (): readonly Column<LatencyRow>[] => [
      { key: 'name', label: subject, sort: (row) => row.name, cell: name },
      ...trafficColumns,
      ...distributionColumns(rows),
    ],
    [subject, rows, name],
  )
  return <DataTable label={label} columns={columns} rows={rows} rowKey={(row) => row.name} />
}
