import type { JSX } from 'preact'
import { useMemo } from 'preact/hooks'
import { useRunView } from '../app/run-context.ts'
import { TimePanel } from '../charts/time-panel.tsx'
import { useZoom } from '../charts/time-range.ts'
import { TimeTable } from '../charts/time-table.tsx'
import { EndpointSelect } from '../parts/endpoint-select.tsx'
import { StruckNote } from '../parts/figures.tsx'
import { LogChoice } from '../parts/log-choice.tsx'
import { Empty, Section } from '../parts/section.tsx'
import { rate, significant } from '../view/format.ts'
import { socketColumns } from '../view/socket-columns.ts'
import { timelineColumns } from '../view/timeline-columns.ts'
import { RequestPanels, requestFigures } from './request-panels.tsx'
import { ConnectionPanels, connectionFigures, DeliveryPanels, deliveryFigures } from './socket-panels.tsx'

export function Timeline(): JSX.Element {
  const { record, endpoint, bands, kinds } = useRunView()
  const { range, full, set } = useZoom()
  const columns = useMemo(() => timelineColumns(record, endpoint), [record, endpoint])
  const sockets = useMemo(() => socketColumns(record), [record])
  const { x } = columns
  const shared = { x, bands }
  const [from, to] = range ?? full

  return (
    <Section
      id="timeline"
      title="Timeline"
      about={
        <>
          Shaded parts are not judged.{' '}
          <span class="no-print">
            Drag across a chart to zoom into it; double-click or Escape shows the whole run again.
          </span>
        </>
      }
      controls={
        <>
          {kinds.http && <EndpointSelect />}
          <LogChoice />
          <button type="button" class="control" disabled={range === undefined} onClick={() => set(undefined)}>
            Reset zoom
          </button>
        </>
      }
    >
      <StruckNote />
      {x.length === 0 ? (
        <Empty>No interval was recorded: the run ended before its first second was over.</Empty>
      ) : (
        <div class="panel-stack" data-from={from} data-to={to}>
          {kinds.http && <RequestPanels columns={columns} />}
          {kinds.deliveries && <DeliveryPanels x={x} bands={bands} columns={sockets} isFirst={!kinds.http} />}
          {kinds.connections && (
            <ConnectionPanels x={x} bands={bands} columns={sockets} isFirst={!kinds.http && !kinds.deliveries} />
          )}
          <TimePanel
            {...shared}
            title="Errors"
            format={rate}
            height={80}
            timeAxis={false}
            series={[{ label: 'errors', color: 'var(--s-errors)', values: columns.errors, draw: 'area' }]}
          />
          <TimePanel
            {...shared}
            title="Users"
            format={significant}
            height={80}
            series={[
              { label: 'at work', color: 'var(--s-plain)', values: columns.users, draw: 'step' },
              { label: 'planned', color: 'var(--s-faint)', values: columns.target, draw: 'step', dashed: true },
            ]}
          />
          <TimeTable
            label="the timeline"
            x={x}
            columns={[
              ...(kinds.http ? requestFigures(columns) : []),
              ...(kinds.deliveries ? deliveryFigures(sockets) : []),
              ...(kinds.connections ? connectionFigures(sockets) : []),
              { label: 'Errors', values: columns.errors, format: rate },
              { label: 'Users', values: columns.users, format: significant },
            ]}
          />
        </div>
      )}
    </Section>
  )
}
