import type { JSX } from 'preact'
import { useMemo } from 'preact/hooks'
import { useRunView } from '../app/run-context.ts'
import { TimePanel } from '../charts/time-panel.tsx'
import { TimeTable } from '../charts/time-table.tsx'
import { Section } from '../parts/section.tsx'
import { StateMark } from '../parts/state-mark.tsx'
import { latency, significant } from '../view/format.ts'
import { generatorColumns } from '../view/generator-columns.ts'
import { validityRows } from '../view/validity-rows.ts'
import './generator.css'

const cores = (value: number): string => significant(value)
const hasSome = (values: readonly (number | null)[]): boolean => values.some((value) => value !== null)

/** Whether the measurement can be believed, rule by rule. */
export function Generator(): JSX.Element {
  const { record, verdict, bands } = useRunView()
  const columns = useMemo(() => generatorColumns(record), [record])
  const { x } = columns
  const shared = { x, bands, compact: true, height: 84 }
  const state = verdict?.validity.state
  return (
    <Section
      id="generator"
      title="Generator health"
      about={state === undefined ? 'Not judged yet.' : (verdict?.explanation?.meaning ?? sentences[state])}
    >
      <ul class="validity">
        {validityRows(record, verdict).map(({ id, name, state: ruleState, flag }) => (
          <li key={id} class={flag === undefined ? 'validity-quiet' : 'validity-flagged'}>
            <span class="validity-id">{id.startsWith('V') ? id : ''}</span>
            <span class="validity-name">{name}</span>
            <StateMark state={ruleState} />
            {flag !== undefined && (
              <p>
                {flag.reason} <span class="validity-advice">{flag.advice}</span>
              </p>
            )}
          </li>
        ))}
      </ul>
      {x.length > 0 && (
        <div class="panel-grid generator-panels">
          {hasSome(columns.latenessP99) && (
            <TimePanel
              {...shared}
              title="Late starts"
              format={latency}
              series={[
                { label: 'p50', color: 'var(--s-p50)', values: columns.latenessP50 },
                { label: 'p99', color: 'var(--s-p99)', values: columns.latenessP99 },
              ]}
            />
          )}
          <TimePanel
            {...shared}
            title="Event-loop delay, worst worker"
            format={latency}
            series={[
              { label: 'p99', color: 'var(--s-p99)', values: columns.loopDelayP99 },
              { label: 'max', color: 'var(--s-faint)', values: columns.loopDelayMax },
            ]}
          />
          <TimePanel
            {...shared}
            title={`CPU, of ${record.started.machine.cores} cores`}
            format={cores}
            series={[
              { label: 'generator', color: 'var(--s-p95)', values: columns.cpuGenerator },
              ...(hasSome(columns.cpuSystem)
                ? [{ label: 'system', color: 'var(--s-p99)', values: columns.cpuSystem }]
                : []),
              ...(hasSome(columns.cpuTotal)
                ? [{ label: 'all', color: 'var(--s-faint)', values: columns.cpuTotal, dashed: true }]
                : []),
            ]}
          />
        </div>
      )}
      {x.length > 0 && (
        <TimeTable
          label="generator health"
          x={x}
          columns={[
            { label: 'Late starts p50', values: columns.latenessP50, format: latency },
            { label: 'Late starts p99', values: columns.latenessP99, format: latency },
            { label: 'Loop delay p99', values: columns.loopDelayP99, format: latency },
            { label: 'Loop delay max', values: columns.loopDelayMax, format: latency },
            { label: 'CPU generator', values: columns.cpuGenerator, format: cores },
            { label: 'CPU system', values: columns.cpuSystem, format: cores },
            { label: 'CPU all', values: columns.cpuTotal, format: cores },
          ]}
        />
      )}
    </Section>
  )
}

const sentences = {
  valid: 'The generator kept up: what was measured is the system.',
  suspect: 'The generator mostly kept up. Read the figures with the doubts below in mind.',
  invalid: 'The generator did not keep up: the figures are not the system’s. Change what is named below and run again.',
} as const
