import { RangeBar } from '../charts/range-bar.tsx'
import type { Column } from '../parts/data-table.tsx'
import { Ms, NoData, Quantile } from '../parts/figures.tsx'
import { count, percent, significant } from '../view/format.ts'
import type { LatencyRow } from '../view/latency-rows.ts'
import './latency-columns.css'

export const countColumn: Column<LatencyRow> = {
  key: 'count',
  label: 'Count',
  numeric: true,
  sort: (row) => row.count,
  cell: (row) => (
    <>
      {count(row.count)}
      {row.succeeded !== undefined && <span class="succeeded">{count(row.succeeded.count)} succeeded</span>}
    </>
  ),
}

/** How many, how often, and how many of them failed. */
export const trafficColumns: readonly Column<LatencyRow>[] = [
  countColumn,
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
]

/** A distribution in figures and as a bar on a scale that all `rows` share; milliseconds. */
export function distributionColumns(rows: readonly LatencyRow[]): readonly Column<LatencyRow>[] {
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
    cell: (row) => (
      <>
        <Quantile q={q} value={row[key]} samples={row.count} censored={row.censored} />
        {row.succeeded !== undefined && (
          <span class="succeeded">
            <span class="sr-only">, of those that succeeded </span>
            <Quantile
              q={q}
              value={row.succeeded[key]}
              samples={row.succeeded.count}
              censored={row.succeeded.censored}
            />
          </span>
        )}
      </>
    ),
  })
  return [
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
