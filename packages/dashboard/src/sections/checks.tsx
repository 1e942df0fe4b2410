import type { JSX } from 'preact'
import { useRunView } from '../app/run-context.ts'
import { type Column, DataTable } from '../parts/data-table.tsx'
import { NoData } from '../parts/figures.tsx'
import { Empty, Section } from '../parts/section.tsx'
import { count, percentOfAll } from '../view/format.ts'
import './checks.css'

interface CheckRow {
  readonly name: string
  readonly passed: number
  readonly failed: number
}

export function Checks(): JSX.Element {
  const { checks } = useRunView().record
  return (
    <Section id="checks" title="Checks" about="What the plan asked of the answers, over the whole run.">
      {checks.length === 0 ? (
        <Empty>The plan checks nothing about its answers.</Empty>
      ) : (
        <DataTable label="Checks" columns={columns} rows={checks} rowKey={(row) => row.name} />
      )}
    </Section>
  )
}

const shareOf = ({ passed, failed }: CheckRow): number | undefined =>
  passed + failed === 0 ? undefined : passed / (passed + failed)

const columns: readonly Column<CheckRow>[] = [
  { key: 'name', label: 'Check', sort: (row) => row.name, cell: (row) => row.name },
  {
    key: 'share',
    label: 'Share',
    numeric: true,
    sort: shareOf,
    cell: (row) => {
      const share = shareOf(row)
      if (share === undefined) return <NoData />
      return <span class={row.failed > 0 ? 'failed-share' : undefined}>{percentOfAll(share)}</span>
    },
  },
  {
    key: 'bar',
    label: '',
    cell: (row) => (
      <span class="check-bar" aria-hidden="true">
        <span style={{ width: `${(shareOf(row) ?? 0) * 100}%` }} />
      </span>
    ),
  },
  { key: 'passed', label: 'Passed', numeric: true, sort: (row) => row.passed, cell: (row) => count(row.passed) },
  { key: 'failed', label: 'Failed', numeric: true, sort: (row) => row.failed, cell: (row) => count(row.failed) },
]
