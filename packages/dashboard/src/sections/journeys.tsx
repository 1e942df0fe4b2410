import type { JSX } from 'preact'
import { useRunView } from '../app/run-context.ts'
import { type Column, DataTable } from '../parts/data-table.tsx'
import { StruckNote } from '../parts/figures.tsx'
import { Empty, Section } from '../parts/section.tsx'
import { WindowChoice } from '../parts/window-choice.tsx'
import { seriesOf } from '../view/find-series.ts'
import { count } from '../view/format.ts'
import { type LatencyRow, latencyRows } from '../view/latency-rows.ts'
import { LatencyTable } from './latency-table.tsx'

type Shape = ReturnType<typeof useRunView>['record']['shapes'][number]

export function Journeys(): JSX.Element {
  const { record, window } = useRunView()
  const journeys = latencyRows(record, seriesOf(record, 'journey.duration', 'journey'), window)
  const steps = latencyRows(record, seriesOf(record, 'step.duration', 'step'), window)
  const tags = latencyRows(record, seriesOf(record, 'http.response_time', 'tag'), window)
  const nothing = journeys.length + steps.length + tags.length + record.shapes.length === 0
  return (
    <Section
      id="journeys"
      title="Journeys and steps"
      about="How long users took for the whole of a journey and for its named parts, in milliseconds."
      controls={<WindowChoice />}
    >
      <StruckNote />
      {nothing && <Empty>No user finished a journey.</Empty>}
      {journeys.length > 0 && <LatencyTable label="Journeys" subject="Journey" rows={journeys} name={nameOf} />}
      {steps.length > 0 && (
        <>
          <h3>Steps</h3>
          <LatencyTable label="Steps" subject="Step" rows={steps} name={nameOf} />
        </>
      )}
      {tags.length > 0 && (
        <>
          <h3>By tag</h3>
          <LatencyTable label="Response times by tag" subject="Tag" rows={tags} name={nameOf} />
        </>
      )}
      {record.shapes.length > 0 && (
        <>
          <h3>Iterations by shape of load, whole run</h3>
          <DataTable
            label="Iterations by shape"
            columns={shapeColumns}
            rows={record.shapes}
            rowKey={(row) => row.shape}
          />
        </>
      )}
    </Section>
  )
}

const nameOf = (row: LatencyRow): JSX.Element => <span>{row.name}</span>

const shapeLabels = {
  scheduled: 'Scheduled',
  started: 'Started',
  dropped: 'Dropped',
  completed: 'Completed',
  failed: 'Failed',
  aborted: 'Aborted',
  inFlight: 'Under way at the end',
} as const

const shapeColumns: readonly Column<Shape>[] = [
  { key: 'shape', label: 'Shape', cell: (row) => row.shape },
  ...(Object.keys(shapeLabels) as (keyof typeof shapeLabels)[]).map(
    (key): Column<Shape> => ({
      key,
      label: shapeLabels[key],
      numeric: true,
      cell: (row) => count(row[key]),
    }),
  ),
]
