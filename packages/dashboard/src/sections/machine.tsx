import type { JSX } from 'preact'
import { useRunView } from '../app/run-context.ts'
import { Section } from '../parts/section.tsx'
import { bytes, duration, latency } from '../view/format.ts'
import './machine.css'

/** What the run was made with: enough to make it again. */
export function Machine(): JSX.Element {
  const { record, verdict } = useRunView()
  const { machine, plan, run } = record.started
  const { calibration, ended } = record
  const facts: readonly (readonly [string, string])[] = [
    ['Machine', `${machine.hostname}: ${machine.cores} × ${machine.cpuModel}, ${bytes(machine.memoryBytes)}`],
    ['System', `${machine.platform} ${machine.release}`],
    ['Node', machine.node],
    ['Plimsoll', machine.plimsoll],
    ['Workers', String(plan.workers)],
    ['Seed', String(plan.seed)],
    ['Warm-up', plan.warmUp > 0 ? duration(plan.warmUp) : 'none'],
    ...Object.entries(plan.tags).map(([name, value]) => [`Tag ${name}`, value] as const),
    [
      'Self-calibration',
      calibration === undefined
        ? 'not run'
        : `${latency(calibration.delayMs)} server at ${calibration.rate}/s: p50 ${latency(calibration.p50)}, p99 ${latency(calibration.p99)}`,
    ],
    ['Ended', ended === undefined ? 'not: the run goes on, or its process was killed' : ended.reason.kind],
    ['Exit code', verdict === undefined ? 'none yet' : String(verdict.exitCode)],
    ['Run', run],
  ]
  return (
    <Section id="machine" title="Machine and versions">
      <dl class="facts">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </Section>
  )
}
