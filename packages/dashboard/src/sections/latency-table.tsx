import type { JSX } from 'preact'
import { useMemo } from 'preact/hooks'
import { RangeBar } from '../charts/range-bar.tsx'
import { type Column, DataTable } from '../parts/data-table.tsx'
import { Ms, NoData, Quantile } from '../parts/figures.tsx'
import { count, percent, significant } from '../view/format.ts'
import type { LatencyRow } from '../view/latency-rows.ts'

interface LatencyTableProps {
  label: string
  /** What the rows are: `Endpoint`, `Journey`. */
  subject: string
  rows: readonly LatencyRow[]
  name: (row: LatencyRow) => JSX.Element
}

/** Distributions side by side: endpoints, journeys, steps, tags. Latencies in milliseconds. */
export function LatencyTable({ label, subject, rows, name }: LatencyTableProps): JSX.Element {
  const columns = useMemo(() => columnsOf(subject, rows, name), [subject, rows, name])
  return <DataTable label={label} columns={columns} rows={rows} rowKey={(row) => row.name} />
}

function columnsOf(
  subject: string,
  rows: readonly LatencyRow[],
  name: LatencyTableProps['name'],
): readonly Column<LatencyRow>[] {
  const scale = [
    Math.min(...rows.map(({ min }) => min ?? Number.POSITIVE_INFINITY)),
    Math.max(...rows.map(({ max }) => max ?? 0)),
  ] as const
  const plain = (key: 'min' | 'mean' | 'max'): Column<LatencyRow> => ({
    key,
    label: key,
    numeric: true,
    sort: (row) => row[key],
    cell: (row) => <Ms value={row[key]} />,
  })
  const quantile = (key: 'p50' | 'p90' | 'p95' | 'p99' | 'p999', q: number): Column<LatencyRow> => ({
    key,
    label: key === 'p999' ? 'p99.9' : key,
    numeric: true,
    sort: (row) => row[key],
    cell: (row) => <Quantile q={q} value={row[key]} samples={row.count} />,
  })
  return [
    { key: 'name', label: subject, sort: (row) => row.name, cell: name },
    { key: 'count', label: 'Count', numeric: true, sort: (row) => row.count, cell: (row) => count(row.count) },
    {
      key: 'rate',
      label: 'Rate',
      unit: '/s',
      numeric: true,
      sort: (row) => row.rate,
      cell: (row) => (row.rate === undefined ? <NoData /> : significant(row.rate)),
    },
    {
      key: 'failed',
      label: 'Errors',
      numeric: true,
      sort: (row) => row.failedShare,
      cell: ({ failedShare, failed }) => {
        if (failedShare === undefined) return <NoData />
        return <span class={failed > 0 ? 'failed-share' : 'quiet'}>{percent(failedShare)}</span>
      },
    },
    {
      key: 'range',
      label: 'Range',
      sort: ({ p50, p95 }) => (p50 === undefined || p95 === undefined ? undefined : p95 / p50),
      cell: ({ min, p50, p95, max }) =>
        min === undefined || p50 === undefined || p95 === undefined || max === undefined ? (
          <NoData />
        ) : (
          <RangeBar min={min} p50={p50} p95={p95} max={max} scale={scale} />
        ),
    },
    plain('min'),
    plain('mean'),
    quantile('p50', 0.5),
    quantile('p90', 0.9),
    quantile('p95', 0.95),
    quantile('p99', 0.99),
    quantile('p999', 0.999),
    plain('max'),
  ]
}
