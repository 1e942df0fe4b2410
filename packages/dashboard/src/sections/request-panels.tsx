import type { JSX } from 'preact'
import { useRunView } from '../app/run-context.ts'
import { TimePanel } from '../charts/time-panel.tsx'
import type { TimeColumn } from '../charts/time-table.tsx'
import { latency, rate } from '../view/format.ts'
import { quantileLimits } from '../view/threshold-rows.ts'
import type { TimelineColumns } from '../view/timeline-columns.ts'
import { quantileSeries } from './quantile-series.ts'

/** Requests over time and how long they took: of one endpoint, or of all. */
export function RequestPanels({ columns }: { columns: TimelineColumns }): JSX.Element {
  const { record, endpoint, bands, log } = useRunView()
  const { x, dropped } = columns
  const limits = quantileLimits(record.started.plan.thresholds, endpoint)
  const hasDropped = dropped.some((value) => value !== null && value > 0)
  return (
    <>
      <TimePanel
        x={x}
        bands={bands}
        title="Requests"
        format={rate}
        phaseLabels
        timeAxis={false}
        series={[
          { label: 'completed', color: 'var(--accent)', values: columns.rate, draw: 'area' },
          ...(hasDropped ? [{ label: 'dropped', color: 'var(--s-errors)', values: dropped }] : []),
        ]}
      />
      <TimePanel
        x={x}
        bands={bands}
        title="Response time"
        format={latency}
        height={170}
        timeAxis={false}
        log={log}
        limits={limits.map(({ q, ms, label }) => ({ at: ms, label: `p${q * 100} ${label}` }))}
        series={quantileSeries(columns)}
      />
    </>
  )
}

export const requestFigures = (columns: TimelineColumns): TimeColumn[] => [
  { label: 'Requests', values: columns.rate, format: rate },
  { label: 'p50', values: columns.p50, format: latency },
  { label: 'p95', values: columns.p95, format: latency },
  { label: 'p99', values: columns.p99, format: latency },
]
