import type { JSX } from 'preact'
import { useMemo, useState } from 'preact/hooks'
import { useRunView } from '../app/run-context.ts'
import { HeatMap } from '../charts/heat-map.tsx'
import { type PercentileLine, PercentilePlot } from '../charts/percentile-plot.tsx'
import { type Column, DataTable } from '../parts/data-table.tsx'
import { StruckNote } from '../parts/figures.tsx'
import { LogChoice } from '../parts/log-choice.tsx'
import { Empty, Section } from '../parts/section.tsx'
import { WindowChoice } from '../parts/window-choice.tsx'
import type { KindRow } from '../view/answer-rows.ts'
import { deliveryLatencyRows, timedEvents } from '../view/delivery-latency.ts'
import { findSeries } from '../view/find-series.ts'
import { deliveryLimits } from '../view/threshold-rows.ts'
import { EventSelect } from './event-select.tsx'
import { countColumn, distributionColumns } from './latency-columns.tsx'
import './latency.css'

/** How long messages took to their receivers; only in runs that account for deliveries. */
export function DeliveryLatency(): JSX.Element | null {
  const { record, window, log } = useRunView()
  const [event, chooseEvent] = useState<string | undefined>(undefined)
  const events = timedEvents(record)
  const only = events.length === 1 ? events[0] : undefined
  const of = (metric: string) =>
    event === undefined ? findSeries(record, metric) : findSeries(record, metric, 'endpoint', event)
  const each = of('delivery.latency')
  const lines = useMemo((): PercentileLine[] => {
    const line = (label: string, color: string, metric: string, under = false): PercentileLine[] => {
      const found = of(metric)?.[window]
      return found === undefined || found.count === 0 ? [] : [{ label, color, distribution: found, under }]
    }
    return [
      ...line('until the last receiver', 'var(--s-p99)', 'delivery.last_receiver', true),
      ...line('each delivery', 'var(--s-p95)', 'delivery.latency'),
    ]
  }, [record, event, window])
  const columns = useMemo(
    () =>
      record.timeline.map(({ from, to }, index) => ({
        from: from / 1000,
        to: to / 1000,
        histogram: each?.points[index]?.histogram,
      })),
    [record, event],
  )
  if (record.deliveries.length === 0) return null
  const rows = deliveryLatencyRows(record, window)
  return (
    <Section
      id="delivery-latency"
      title="Delivery latency"
      about="From the instant a message was planned to be sent to the socket of its receiver, in milliseconds. By receivers: p50 of their means is what the median receiver got on average, the greatest of their worst is the worst that anyone got."
      controls={
        <>
          {events.length > 1 && <EventSelect events={events} event={event} choose={chooseEvent} />}
          <LogChoice />
          <WindowChoice />
        </>
      }
    >
      <StruckNote />
      {each === undefined ? (
        <Empty>No message arrived, so there is no latency to show.</Empty>
      ) : (
        <>
          <div class="latency-charts">
            {lines.length === 0 ? (
              <Empty>Nothing arrived in the judged part. The whole run may have something.</Empty>
            ) : (
              <PercentilePlot
                lines={lines}
                limits={deliveryLimits(record.started.plan.thresholds, event ?? only)}
                log={log}
              />
            )}
            <HeatMap columns={columns} of="deliveries" />
          </div>
          {rows.length > 0 && (
            <div class="latency-rows">
              <DataTable
                label="Delivery latency by event"
                columns={[...lead, countColumn, ...distributionColumns(rows)]}
                rows={rows}
                rowKey={({ name, kind }) => `${name}\n${kind}`}
              />
            </div>
          )}
        </>
      )}
    </Section>
  )
}

const lead: readonly Column<KindRow>[] = [
  {
    key: 'event',
    label: 'Event',
    sort: ({ name }) => name,
    cell: ({ name, kind }) => (
      <>
        <code>{name}</code> <span class="row-kind">{kind}</span>
      </>
    ),
  },
]
