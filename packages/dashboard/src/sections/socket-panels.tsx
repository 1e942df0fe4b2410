import type { JSX } from 'preact'
import { useRunView } from '../app/run-context.ts'
import type { PanelSeries } from '../charts/panel-props.ts'
import { TimePanel } from '../charts/time-panel.tsx'
import type { TimeColumn } from '../charts/time-table.tsx'
import { latency, rate, significant } from '../view/format.ts'
import type { PhaseBand } from '../view/phases.ts'
import type { SocketColumns } from '../view/socket-columns.ts'
import { quantileSeries } from './quantile-series.ts'

interface SocketPanelsProps {
  x: readonly number[]
  bands: readonly PhaseBand[]
  columns: SocketColumns
  /** At the top of the stack, where the phases have their names. */
  isFirst: boolean
}

const shape = { height: 80, timeAxis: false } as const
const hasSome = (values: readonly (number | null)[]): boolean => values.some((value) => value !== null && value > 0)

/** Messages and what came of them. Losses stand where they became known, a little after the message was sent. */
export function DeliveryPanels({ x, bands, columns, isFirst }: SocketPanelsProps): JSX.Element {
  const { log } = useRunView()
  const trouble: readonly PanelSeries[] = [
    { label: 'late', color: 'var(--s-late)', values: columns.late, draw: 'area' },
    ...(hasSome(columns.duplicated)
      ? [{ label: 'doubled', color: 'var(--s-purple)', values: columns.duplicated }]
      : []),
    ...(hasSome(columns.outOfOrder)
      ? [{ label: 'out of order', color: 'var(--s-plain)', values: columns.outOfOrder }]
      : []),
    { label: 'lost', color: 'var(--s-errors)', values: columns.lost, draw: 'area' },
  ]
  return (
    <>
      <TimePanel
        {...shape}
        x={x}
        bands={bands}
        title="Messages published"
        format={rate}
        phaseLabels={isFirst}
        series={[{ label: 'published', color: 'var(--accent)', values: columns.published, draw: 'area' }]}
      />
      <TimePanel
        {...shape}
        x={x}
        bands={bands}
        title="Deliveries received"
        format={rate}
        series={[{ label: 'received', color: 'var(--s-on-time)', values: columns.received, draw: 'area' }]}
      />
      <TimePanel
        {...shape}
        x={x}
        bands={bands}
        title="Delivery latency"
        format={latency}
        height={120}
        log={log}
        series={quantileSeries(columns)}
      />
      <TimePanel {...shape} x={x} bands={bands} title="Late and lost deliveries" format={rate} series={trouble} />
    </>
  )
}

/** Connections that stood, and those that broke and came back. */
export function ConnectionPanels({ x, bands, columns, isFirst }: SocketPanelsProps): JSX.Element {
  const someFailed = hasSome(columns.failed)
  return (
    <>
      <TimePanel
        {...shape}
        x={x}
        bands={bands}
        title="Connections"
        format={significant}
        phaseLabels={isFirst}
        series={[
          { label: 'open', color: 'var(--s-p95)', values: columns.open, draw: 'step' },
          { label: 'away', color: 'var(--s-p99)', values: columns.away, draw: 'step' },
        ]}
      />
      {hasBreaks(columns) && (
        <TimePanel
          {...shape}
          x={x}
          bands={bands}
          title="Breaks and returns"
          format={rate}
          series={[
            { label: 'cut', color: 'var(--s-late)', values: columns.cut },
            { label: 'lost', color: 'var(--s-errors)', values: columns.lostConnections },
            { label: 'reconnected', color: 'var(--s-green)', values: columns.reconnected, draw: 'area' },
            ...(someFailed ? [{ label: 'failed attempts', color: 'var(--s-purple)', values: columns.failed }] : []),
          ]}
        />
      )}
    </>
  )
}

const hasBreaks = ({ cut, lostConnections, reconnected, failed }: SocketColumns): boolean =>
  [cut, lostConnections, reconnected, failed].some(hasSome)

/** The same in figures. */
export const deliveryFigures = (columns: SocketColumns): TimeColumn[] => [
  { label: 'Published', values: columns.published, format: rate },
  { label: 'Received', values: columns.received, format: rate },
  { label: 'Delivery p50', values: columns.p50, format: latency },
  { label: 'Delivery p99', values: columns.p99, format: latency },
  { label: 'Late', values: columns.late, format: rate },
  { label: 'Lost', values: columns.lost, format: rate },
]

export const connectionFigures = (columns: SocketColumns): TimeColumn[] => [
  { label: 'Open', values: columns.open, format: significant },
  { label: 'Away', values: columns.away, format: significant },
  { label: 'Cut', values: columns.cut, format: rate },
  { label: 'Broken off', values: columns.lostConnections, format: rate },
  { label: 'Reconnected', values: columns.reconnected, format: rate },
]
