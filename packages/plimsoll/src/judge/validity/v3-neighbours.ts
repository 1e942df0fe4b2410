import type { HostInterval } from '../../record/events.ts'
import { judgedPoints } from '../../record/judged-points.ts'
import type { RunRecord, TimelinePoint } from '../../record/run-record.ts'
import type { ValidityFlag } from '../verdict.ts'
import { gravest } from './rule.ts'
import { percent } from './text.ts'

/**
 * V3: nobody else was using the machine. CPU that is neither the generator's nor the system's above 15 % suspect, above
 * 40 % invalid; stolen by the hypervisor above 1 % suspect; any throttling of the control group invalid; PSI CPU
 * pressure as foreign CPU (§3.3).
 *
 * The system under test and its database may run beside the generator and are no neighbours: `cpuSystem` is taken off.
 * Where the system is local and its processes are not known, foreign CPU cannot be told and the rule says nothing of it.
 * Pressure cannot be told apart at all, so it counts only when the system runs elsewhere.
 */
export function checkNeighbours(record: RunRecord): ValidityFlag | undefined {
  const points = judgedPoints(record).map(({ point }) => point)
  return gravest([throttled(points), foreignCpu(record, points), pressed(record, points), stolen(points)])
}

const ADVICE = 'Stop other work on the machine, or run the generator on one of its own.'

function throttled(points: readonly TimelinePoint[]): ValidityFlag | undefined {
  const periods = points.reduce((sum, { host }) => sum + (host.throttled ?? 0), 0)
  if (periods === 0) return undefined
  return {
    id: 'V3',
    severity: 'invalid',
    reason: `the generator's control group was throttled in ${periods} scheduler periods: it was stopped in the middle of its work`,
    advice: 'Raise the CPU limit of the container, or lower the load.',
  }
}

function foreignCpu(record: RunRecord, points: readonly TimelinePoint[]): ValidityFlag | undefined {
  const total = mean(points, (host) => host.cpuTotal)
  const system = mean(points, (host) => host.cpuSystem)
  if (total === undefined || (system === undefined && isLocal(record))) return undefined
  const generator = mean(points, (host) => host.cpuGenerator) ?? 0
  const cores = points.at(-1)?.host.cores ?? 1
  const foreign = (total - generator - (system ?? 0)) / cores
  if (foreign <= 0.15) return undefined
  return {
    id: 'V3',
    severity: foreign > 0.4 ? 'invalid' : 'suspect',
    reason: `${percent(foreign)} of the machine's ${cores} cores worked for processes that are neither the generator nor the system; 15 % are tolerable`,
    advice: ADVICE,
  }
}

function pressed(record: RunRecord, points: readonly TimelinePoint[]): ValidityFlag | undefined {
  if (isLocal(record)) return undefined
  const pressure = mean(points, (host) => host.pressure)
  if (pressure === undefined || pressure <= 0.15) return undefined
  return {
    id: 'V3',
    severity: pressure > 0.4 ? 'invalid' : 'suspect',
    reason: `for ${percent(pressure)} of the time something on the generator's machine waited for a core`,
    advice: 'Use fewer workers than the machine has cores, or stop other work on it.',
  }
}

function stolen(points: readonly TimelinePoint[]): ValidityFlag | undefined {
  const steal = mean(points, (host) => host.steal)
  if (steal === undefined || steal <= 0.01) return undefined
  return {
    id: 'V3',
    severity: 'suspect',
    reason: `${percent(steal)} of the machine's time was given to other virtual machines; 1 % is tolerable`,
    advice: 'Use a machine with dedicated cores, or compare only runs made side by side.',
  }
}

/** Weighted by time, over the points that know; undefined when none does. */
function mean(points: readonly TimelinePoint[], of: (host: HostInterval) => number | undefined): number | undefined {
  let area = 0
  let time = 0
  for (const { from, to, host } of points) {
    const value = of(host)
    if (value === undefined) continue
    area += value * (to - from)
    time += to - from
  }
  return time > 0 ? area / time : undefined
}

function isLocal({ started }: RunRecord): boolean {
  try {
    return /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(new URL(started.plan.url).hostname)
  } catch {
    return true
  }
}
