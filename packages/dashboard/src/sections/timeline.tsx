import type { JSX } from 'preact'
import { useMemo } from 'preact/hooks'
import { useRunView } from '../app/run-context.ts'
import type { PanelSeries } from '../charts/panel-props.ts'
import { TimePanel } from '../charts/time-panel.tsx'
import { useZoom } from '../charts/time-range.ts'
import { TimeTable } from '../charts/time-table.tsx'
import { EndpointSelect } from '../parts/endpoint-select.tsx'
import { StruckNote } from '../parts/figures.tsx'
import { LogChoice } from '../parts/log-choice.tsx'
import { Empty, Section } from '../parts/section.tsx'
import { latency, rate, significant } from '../view/format.ts'
import { quantileLimits } from '../view/threshold-rows.ts'
import { timelineColumns } from '../view/timeline-columns.ts'

export function Timeline(): JSX.Element {
  const { record, endpoint, bands, log } = useRunView()
  const { range, full, set } = useZoom()
  const columns = useMemo(() => timelineColumns(record, endpoint), [record, endpoint])
  const { x, dropped } = columns
  const limits = quantileLimits(record.started.plan.thresholds, endpoint)
  const hasDropped = dropped.some((value) => value !== null && value > 0)
  const quantile = (name: 'p50' | 'p95' | 'p99'): PanelSeries => ({
    label: name,
    color: `var(--s-${name})`,
    values: columns[name],
  })
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
          <EndpointSelect />
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
          <TimePanel
            {...shared}
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
            {...shared}
            title="Response time"
            format={latency}
            height={170}
            timeAxis={false}
            log={log}
            limits={limits.map(({ q, ms, label }) => ({ at: ms, label: `p${q * 100} ${label}` }))}
            series={[quantile('p50'), quantile('p95'), quantile('p99')]}
          />
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
              { label: 'Requests', values: columns.rate, format: rate },
              { label: 'p50', values: columns.p50, format: latency },
              { label: 'p95', values: columns.p95, format: latency },
              { label: 'p99', values: columns.p99, format: latency },
              { label: 'Errors', values: columns.errors, format: rate },
              { label: 'Users', values: columns.users, format: significant },
            ]}
          />
        </div>
      )}
    </Section>
  )
}
