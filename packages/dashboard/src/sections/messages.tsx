import type { JSX } from 'preact'
import { useMemo } from 'preact/hooks'
import { useRunView } from '../app/run-context.ts'
import { type Column, DataTable } from '../parts/data-table.tsx'
import { NoData } from '../parts/figures.tsx'
import { Empty, Section } from '../parts/section.tsx'
import { WindowChoice } from '../parts/window-choice.tsx'
import { protocolNames } from '../view/connection-rows.ts'
import { bytes, count, significant } from '../view/format.ts'
import { type MessageRow, messageRows } from '../view/message-rows.ts'

/** What went over the sockets, by the name of its event; only in runs that have any. */
export function Messages(): JSX.Element | null {
  const { record, window } = useRunView()
  const rows = useMemo(() => messageRows(record, window), [record, window])
  if (record.messages.length === 0) return null
  return (
    <Section
      id="messages"
      title="Messages"
      about="What went over the sockets, by event: out is sent by users, in is received by them."
      controls={<WindowChoice />}
    >
      {rows.length === 0 ? (
        <Empty>No message was sent in the judged part. The whole run may have some.</Empty>
      ) : (
        <DataTable label="Messages" columns={columns} rows={rows} rowKey={({ key }) => key} most={100} />
      )}
    </Section>
  )
}

const columns: readonly Column<MessageRow>[] = [
  { key: 'name', label: 'Event', sort: ({ name }) => name, cell: ({ name }) => <code>{name}</code> },
  {
    key: 'direction',
    label: 'Direction',
    sort: ({ direction }) => direction,
    cell: ({ direction }) => (
      <>
        <span aria-hidden="true">{direction === 'in' ? '←' : '→'}</span> {direction}
      </>
    ),
  },
  {
    key: 'protocol',
    label: 'Protocol',
    sort: ({ protocol }) => protocolNames[protocol],
    cell: ({ protocol }) => protocolNames[protocol],
  },
  { key: 'count', label: 'Count', numeric: true, sort: (row) => row.count, cell: (row) => count(row.count) },
  {
    key: 'rate',
    label: 'Rate',
    unit: '/s',
    numeric: true,
    sort: ({ rate }) => rate,
    cell: ({ rate }) => (rate === undefined ? <NoData /> : significant(rate)),
  },
  { key: 'bytes', label: 'Bytes', numeric: true, sort: (row) => row.bytes, cell: (row) => bytes(row.bytes) },
  {
    key: 'each',
    label: 'Bytes each',
    numeric: true,
    sort: ({ bytesEach }) => bytesEach,
    cell: ({ bytesEach }) => (bytesEach === undefined ? <NoData /> : bytes(bytesEach)),
  },
]
