import type { JSX } from 'preact'
import { useMemo } from 'preact/hooks'
import type { Distribution } from '../../../plimsoll/src/record/run-record.ts'
import { succeededOf } from '../../../plimsoll/src/record/succeeded.ts'
import { useRunView } from '../app/run-context.ts'
import { HeatMap } from '../charts/heat-map.tsx'
import { type PercentileLine, PercentilePlot } from '../charts/percentile-plot.tsx'
import { EndpointSelect } from '../parts/endpoint-select.tsx'
import { StruckNote } from '../parts/figures.tsx'
import { LogChoice } from '../parts/log-choice.tsx'
import { Empty, Section } from '../parts/section.tsx'
import { WindowChoice } from '../parts/window-choice.tsx'
import { trafficSeries } from '../view/find-series.ts'
import { quantileLimits } from '../view/threshold-rows.ts'
import './latency.css'

export function Latency(): JSX.Element {
  const { record, endpoint, window, log } = useRunView()
  const response = trafficSeries(record, 'http.response_time', endpoint)
  const service = trafficSeries(record, 'http.service_time', endpoint)
  const lines = useMemo((): PercentileLine[] => {
    const of = (label: string, color: string, part: Distribution | undefined, under = false): PercentileLine[] =>
      part === undefined || part.count === 0 ? [] : [{ label, color, distribution: part, under }]
    const succeeded = response && succeededOf(record.series, response, window)
    return [
      ...of('service', 'var(--s-p99)', service?.[window], true),
      ...of('succeeded', 'var(--s-green)', succeeded),
      ...of('response', 'var(--s-p95)', response?.[window]),
    ]
  }, [record, endpoint, window])
  const columns = useMemo(
    () =>
      record.timeline.map(({ from, to }, index) => ({
        from: from / 1000,
        to: to / 1000,
        histogram: response?.points[index]?.histogram,
      })),
    [record, endpoint],
  )
  return (
    <Section
      id="latency"
      title="Latency"
      about="Response time counts from the instant a request was planned for, service time from its first byte sent: where the two part, requests waited before they could start. Where some failed, a third line, which shows where it differs, is of those that succeeded. Dashed is what hangs on fewer than ten samples."
      controls={
        <>
          <EndpointSelect />
          <LogChoice />
          <WindowChoice />
        </>
      }
    >
      <StruckNote />
      {response === undefined ? (
        <Empty>No request was answered, so there is no latency to show.</Empty>
      ) : (
        <div class="latency-charts">
          {lines.length === 0 ? (
            <Empty>Nothing was answered in the judged part. The whole run may have something.</Empty>
          ) : (
            <PercentilePlot lines={lines} limits={quantileLimits(record.started.plan.thresholds, endpoint)} log={log} />
          )}
          <HeatMap columns={columns} of="answers" />
        </div>
      )}
    </Section>
  )
}
