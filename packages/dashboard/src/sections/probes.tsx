import type { JSX } from 'preact'
import { useMemo } from 'preact/hooks'
import { useRunView } from '../app/run-context.ts'
import { TimePanel } from '../charts/time-panel.tsx'
import { TimeTable } from '../charts/time-table.tsx'
import { Empty, Section } from '../parts/section.tsx'
import { clock } from '../view/format.ts'
import { type ProbePanel, probePanels } from '../view/probe-panels.ts'
import './probes.css'

export function Probes(): JSX.Element {
  const { record, bands } = useRunView()
  const panels = useMemo(() => probePanels(record), [record])
  const names = [...new Set(panels.map((panel) => panel.probe))]
  const trouble = record.probes.flatMap((probe) => probe.trouble)
  return (
    <Section
      id="probes"
      title="The system from inside"
      about={
        panels.length > 0 ? 'What the probes saw, on the timeline’s own axis. Dashed lines are thresholds.' : undefined
      }
    >
      {trouble.length > 0 && (
        <ul class="probe-trouble">
          {trouble.map(({ probe, at, message }) => (
            <li key={`${probe} ${at}`}>
              <b>{probe}</b> <span class="quiet">at {clock(at / 1000)}</span> {message}
            </li>
          ))}
        </ul>
      )}
      {panels.length === 0 && <Empty>No probe watched the system, or none saw anything.</Empty>}
      {names.map((name) => (
        <div key={name}>
          <h3 class="probe-name">{name}</h3>
          <div class="panel-grid">
            {panels
              .filter((panel) => panel.probe === name)
              .map(({ value, x, y, limits, format, binary }) => (
                <TimePanel
                  key={value}
                  compact
                  title={value}
                  x={x}
                  bands={bands}
                  format={format}
                  binary={binary}
                  limits={limits}
                  height={84}
                  series={[{ label: name, color: 'var(--accent)', values: y }]}
                />
              ))}
          </div>
          <TimeTable label={name} {...tableOf(panels.filter((panel) => panel.probe === name))} />
        </div>
      ))}
    </Section>
  )
}

/** All values of a probe come in the same samples. */
const tableOf = (panels: readonly ProbePanel[]): Pick<Parameters<typeof TimeTable>[0], 'x' | 'columns'> => ({
  x: panels[0]?.x ?? [],
  columns: panels.map(({ value, y, format }) => ({ label: value, values: y, format })),
})
