import type { JSX } from 'preact'
import { useMemo, useState } from 'preact/hooks'
import type { DeliveryCounts } from '../../../plimsoll/src/measure/deliveries/types.ts'
import { type Column, DataTable } from '../parts/data-table.tsx'
import { Empty } from '../parts/section.tsx'
import { fanOut, filterRooms, hasTrouble, worstFirst } from '../view/delivery-rows.ts'
import { count, percent, significant } from '../view/format.ts'

/** Enough to see what the matter is; a run may have thousands of rooms. */
const SHOWN = 20

export function DeliveryRooms({ deliveries }: { deliveries: readonly DeliveryCounts[] }): JSX.Element {
  const [onlyTrouble, setOnlyTrouble] = useState(false)
  const [text, setText] = useState('')
  const sorted = useMemo(() => worstFirst(deliveries), [deliveries])
  const rows = useMemo(() => filterRooms(sorted, { onlyTrouble, text }), [sorted, onlyTrouble, text])
  const troubled = useMemo(() => deliveries.filter(hasTrouble).length, [deliveries])
  return (
    <>
      <div class="sub-head">
        <h3>By event and room</h3>
        <p class="small quiet" role="status">
          {troubled === 0 ? 'No room had trouble' : `${count(troubled)} of ${count(deliveries.length)} had trouble`}
        </p>
        <div class="section-controls no-print">
          <label class="find-room">
            <span class="sr-only">Find a room or an event</span>
            <input
              type="search"
              class="control"
              placeholder="Find a room"
              value={text}
              onInput={({ currentTarget: { value } }) => setText(value)}
            />
          </label>
          <label class="control" title="Lost, doubled, out of order or foreign; late ones are not trouble">
            <input
              type="checkbox"
              checked={onlyTrouble}
              onChange={({ currentTarget: { checked } }) => setOnlyTrouble(checked)}
            />
            Rooms with trouble
          </label>
        </div>
      </div>
      {rows.length === 0 ? (
        <Empty>
          {text.trim() !== ''
            ? `No ${onlyTrouble ? 'room with trouble' : 'room'} is named like “${text.trim()}”.`
            : 'No room lost a message, got one twice, out of order or without being meant to.'}
        </Empty>
      ) : (
        <DataTable
          label="Deliveries by event and room"
          columns={columns}
          rows={rows}
          rowKey={({ event, room }) => `${event}\n${room}`}
          sortedBy={{ column: 'lost', descending: true }}
          most={SHOWN}
        />
      )}
    </>
  )
}

type Key = Exclude<keyof DeliveryCounts, 'event' | 'room'>

const plain = (key: Key, label: string): Column<DeliveryCounts> => ({
  key,
  label,
  numeric: true,
  sort: (row) => row[key],
  cell: (row) => <span class={row[key] === 0 ? 'quiet' : undefined}>{count(row[key])}</span>,
})

/** What should be 0 stands out where it is not. */
const trouble = (key: Key, label: string, tone: 'bad' | 'warn'): Column<DeliveryCounts> => ({
  ...plain(key, label),
  cell: (row) =>
    row[key] === 0 ? <span class="quiet">0</span> : <b class={`trouble tone-${tone}`}>{count(row[key])}</b>,
})

const columns: readonly Column<DeliveryCounts>[] = [
  { key: 'room', label: 'Room', sort: (row) => row.room, cell: (row) => <code>{row.room}</code> },
  { key: 'event', label: 'Event', sort: (row) => row.event, cell: (row) => <code>{row.event}</code> },
  trouble('lost', 'Lost', 'bad'),
  {
    key: 'lost-share',
    label: 'Lost',
    unit: '%',
    numeric: true,
    sort: ({ lost, expected }) => (expected > 0 ? lost / expected : undefined),
    cell: ({ lost, expected }) =>
      lost === 0 || expected === 0 ? (
        <span class="quiet">{expected === 0 ? '–' : '0'}</span>
      ) : (
        percent(lost / expected).replace(' %', '')
      ),
  },
  trouble('late', 'Late', 'warn'),
  trouble('duplicated', 'Doubled', 'warn'),
  trouble('outOfOrder', 'Out of order', 'warn'),
  trouble('foreign', 'Foreign', 'bad'),
  plain('uncertain', 'Uncertain'),
  plain('expected', 'Expected'),
  plain('received', 'Received'),
  plain('published', 'Published'),
  {
    key: 'fan-out',
    label: 'Fan-out',
    numeric: true,
    sort: fanOut,
    cell: (row) => {
      const factor = fanOut(row)
      return factor === undefined ? <span class="quiet">–</span> : `× ${significant(factor)}`
    },
  },
]
