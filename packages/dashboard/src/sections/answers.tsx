import type { JSX } from 'preact'
import { useMemo } from 'preact/hooks'
import { useRunView } from '../app/run-context.ts'
import { type Column, DataTable } from '../parts/data-table.tsx'
import { StruckNote } from '../parts/figures.tsx'
import { Empty, Section } from '../parts/section.tsx'
import { WindowChoice } from '../parts/window-choice.tsx'
import { answerRows, type KindRow } from '../view/answer-rows.ts'
import { distributionColumns, trafficColumns } from './latency-columns.tsx'

/** What was asked over sockets and answered; only in runs that asked something. */
export function Answers(): JSX.Element | null {
  const { record, window, kinds } = useRunView()
  const rows = useMemo(() => answerRows(record, window), [record, window])
  if (!kinds.answers) return null
  return (
    <Section
      id="answers"
      title="Acks and requests"
      about="Acknowledgements, requests, waits for a push and connects over sockets, in milliseconds; connects of the whole run."
      controls={<WindowChoice />}
    >
      <StruckNote />
      {rows.length === 0 ? (
        <Empty>Nothing was answered in the judged part. The whole run may have something.</Empty>
      ) : (
        <DataTable
          label="Acks and requests"
          columns={[...lead, ...trafficColumns, ...distributionColumns(rows)]}
          rows={rows}
          rowKey={({ kind, name }) => `${kind}\n${name}`}
          most={100}
        />
      )}
    </Section>
  )
}

const lead: readonly Column<KindRow>[] = [
  {
    key: 'name',
    label: 'Event',
    sort: ({ name }) => name,
    cell: ({ name, kind }) => (
      <>
        <code>{name}</code> <span class="row-kind">{kind}</span>
      </>
    ),
  },
]
