import type { JSX } from 'preact'
import { useMemo } from 'preact/hooks'
import { useRunView } from '../app/run-context.ts'
import { GaugeBar } from '../charts/gauge-bar.tsx'
import { type Column, DataTable } from '../parts/data-table.tsx'
import { NoData, StruckNote } from '../parts/figures.tsx'
import { Empty, Section } from '../parts/section.tsx'
import { StateMark } from '../parts/state-mark.tsx'
import { count, duration } from '../view/format.ts'
import { actualText, intervalText, type ThresholdRow, thresholdRows } from '../view/threshold-rows.ts'
import './thresholds.css'

export function Thresholds(): JSX.Element {
  const { record, verdict, struck } = useRunView()
  const rows = useMemo(() => thresholdRows(record, verdict), [record, verdict])
  const part = record.judged.window === 'steady' ? 'steady part' : 'run after its warm-up'
  const judged =
    record.judged.duration > 0
      ? `Judged on the ${part}, ${duration(record.judged.duration)}.`
      : 'Nothing could be judged.'
  const about = `${judged} The upright line is the limit; the bar is what was measured, its hairline the 95 % interval.`
  return (
    <Section id="thresholds" title="Thresholds" about={rows.length > 0 ? about : undefined}>
      <StruckNote />
      {rows.length === 0 ? (
        <Empty>This profile sets no thresholds, so nothing could be met or missed.</Empty>
      ) : (
        <DataTable
          label="Thresholds"
          columns={columns(struck !== undefined)}
          rows={rows}
          rowKey={(row) => row.key}
          rowClass={({ result }) => `threshold-row threshold-${result.verdict.replace(' ', '-')}`}
        />
      )}
    </Section>
  )
}

const order = { missed: 0, 'no data': 1, 'not judged': 2, met: 3 } as const

const columns = (struck: boolean): readonly Column<ThresholdRow>[] => [
  {
    key: 'subject',
    label: 'Subject',
    sort: ({ result }) => result.subject,
    cell: ({ result }) => <code>{result.subject}</code>,
  },
  { key: 'metric', label: 'Metric', sort: ({ result }) => result.metric, cell: ({ result }) => result.metric },
  { key: 'limit', label: 'Limit', numeric: true, cell: ({ result }) => result.scaledLimit ?? result.limit },
  {
    key: 'actual',
    label: 'Actual',
    numeric: true,
    cell: ({ result, isQuantile }) => {
      const text = actualText(result)
      if (text === undefined) return <NoData />
      return struck && isQuantile ? <s class="struck">{text}</s> : <strong>{text}</strong>
    },
  },
  {
    key: 'distance',
    label: 'Distance to the limit',
    sort: ({ excess }) => excess,
    cell: ({ gauge, result, excess }) => (
      <>
        {gauge !== undefined && <GaugeBar gauge={gauge} isMet={result.verdict === 'met'} />}
        {excess !== undefined && <span class="sr-only">{distanceText(excess)}</span>}
      </>
    ),
  },
  {
    key: 'interval',
    label: '95 % interval',
    numeric: true,
    cell: ({ result }) => {
      const text = intervalText(result)
      return struck && text !== undefined ? <s class="struck">{text}</s> : <span class="quiet">{text ?? '–'}</span>
    },
  },
  {
    key: 'samples',
    label: 'Samples',
    numeric: true,
    sort: ({ result }) => result.samples,
    cell: ({ result }) => <span class="quiet">{result.samples === 0 ? '–' : count(result.samples)}</span>,
  },
  {
    key: 'verdict',
    label: 'Verdict',
    sort: ({ result }) => order[result.verdict],
    cell: ({ result }) => <StateMark state={result.verdict} />,
  },
  { key: 'note', label: 'Note', cell: ({ result }) => result.note },
]

const distanceText = (excess: number): string =>
  `${Math.abs(excess * 100).toFixed(0)} % ${excess > 0 ? 'beyond the limit' : 'inside the limit'}`
