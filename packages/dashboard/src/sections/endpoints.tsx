import type { JSX } from 'preact'
import { useCallback, useMemo } from 'preact/hooks'
import { useRunView } from '../app/run-context.ts'
import { StruckNote } from '../parts/figures.tsx'
import { Empty, Section } from '../parts/section.tsx'
import { WindowChoice } from '../parts/window-choice.tsx'
import { seriesOf } from '../view/find-series.ts'
import { type LatencyRow, latencyRows } from '../view/latency-rows.ts'
import './endpoints.css'
import { LatencyTable } from './latency-table.tsx'

export function Endpoints(): JSX.Element {
  const { record, window, endpoint, chooseEndpoint, endpoints } = useRunView()
  const rows = useMemo(() => {
    const found = latencyRows(record, seriesOf(record, 'http.response_time', 'endpoint'), window)
    return found.toSorted((a, b) => endpoints.indexOf(a.name) - endpoints.indexOf(b.name))
  }, [record, window])
  const name = useCallback(
    (row: LatencyRow) => (
      <button
        type="button"
        class="endpoint-name"
        aria-pressed={row.name === endpoint}
        tabIndex={row.name === endpoints[0] ? 0 : -1}
        onClick={() => chooseEndpoint(row.name === endpoint ? undefined : row.name)}
      >
        <code>{row.name}</code>
      </button>
    ),
    [endpoint, chooseEndpoint, endpoints],
  )
  return (
    <Section
      id="endpoints"
      title="Endpoints"
      about="Response times in milliseconds. Choosing an endpoint shows it in the timeline and the distributions above. In the range column: least to greatest, thick from p50 to p95, on a log scale that all rows share. Where some failed, the second line is of those that succeeded."
      controls={<WindowChoice />}
    >
      <StruckNote />
      {rows.length === 0 ? (
        <Empty>No request was made.</Empty>
      ) : (
        <LatencyTable label="Endpoints" subject="Endpoint" rows={rows} name={name} />
      )}
      {record.overflowed.length > 0 && (
        <p class="endpoints-other small">
          There were more names than are kept apart ({record.overflowed.join(', ')}); the later ones are summed up as{' '}
          <code>other</code>. Give requests a <code>name</code> in the plan.
        </p>
      )}
    </Section>
  )
}
