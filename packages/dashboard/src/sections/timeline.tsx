import type { JSX } from 'preact'
import { useMemo, useState } from 'preact/hooks'
import { useRunView } from '../app/run-context.ts'
import { ChartTable } from '../charts/chart-table.tsx'
import { type PanelSeries, TimePanel } from '../charts/time-panel.tsx'
import { useZoom } from '../charts/time-range.ts'
import { EndpointSelect } from '../parts/endpoint-select.tsx'
import { StruckNote } from '../parts/figures.tsx'
import { Empty, Section } from '../parts/section.tsx'
import { clock, latency, rate, significant } from '../view/format.ts'
import { quantileLimits } from '../view/threshold-rows.ts'
import { timelineColumns } from '../view/timeline-columns.ts'

export function Timeline(): JSX.Element {
  const { record, endpoint, bands } = useRunView()
  const { range, full, set } = useZoom()
  const [log, setLog] = useState(false)
  const columns = useMemo(() => timelineColumns(record, endpoint), [record, endpoint])
  const { x, dropped } = columns
  const limits = quantileLimits(record.started.plan.thresholds, endpoint)
  const hasDropped = dropped.some((value) => value !== null && value > 0)
  const quantile = (name: 'p50' | 'p95' | 'p99'): PanelSeries => ({
    label: name,
    color: `var(--s-${name})`,
    values: columns[name],
  })
  const shared = { x, bands, table: false }
  const [from, to] = range ?? full

  return (
    <Section
      id="timeline"
      title="Timeline"
      about="Shaded parts are not judged. Drag across a chart to zoom into it; double-click or Escape shows the whole run again."
      controls={
        <>
          <EndpointSelect />
          <button type="button" class="control" aria-pressed={log} onClick={() => setLog(!log)}>
            {log ? 'Linear latency' : 'Log latency'}
          </button>
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
          <ChartTable
            label="the timeline"
            head={['Time', 'Requests', 'p50', 'p95', 'p99', 'Errors', 'Users']}
            rows={() =>
              x.flatMap((second, at) => {
                if (second < from || second > to) return []
                const show = (value: number | null | undefined, format: (value: number) => string): string =>
                  value === null || value === undefined ? '–' : format(value)
                return [
                  [
                    clock(second, true),
                    show(columns.rate[at], rate),
                    show(columns.p50[at], latency),
                    show(columns.p95[at], latency),
                    show(columns.p99[at], latency),
                    show(columns.errors[at], rate),
                    show(columns.users[at], significant),
                  ],
                ]
              })
            }
          />
        </div>
      )}
    </Section>
  )
}
