import { isLoopback } from '../../engine/allow-host.ts'
import type { CompiledPlan } from '../../plan/compiled.ts'
import { PostgresProbe } from '../../probes/postgres/postgres-probe.ts'
import type { Probe } from '../../probes/probe.ts'
import { findListener } from '../../probes/process/listener.ts'
import { ProcessProbe } from '../../probes/process/process-probe.ts'

/** Finds the system's process: the plan's own word, what we started, or who listens on the URL's port here. */
export function systemFinder(
  plan: CompiledPlan,
  url: string,
  startedPid: () => number | undefined,
): () => Promise<number | undefined> {
  return async () => {
    const given = plan.probes.process?.pid ?? startedPid()
    if (given !== undefined) return given
    const { hostname, port, protocol } = new URL(url)
    return isLoopback(hostname) ? findListener(Number(port) || (protocol === 'https:' ? 443 : 80)) : undefined
  }
}

/** The probes that the plan asks for. */
export function createProbes(plan: CompiledPlan, findSystem: () => Promise<number | undefined>): Probe[] {
  const { process, postgres } = plan.probes
  return [
    ...(process === undefined ? [] : [new ProcessProbe(findSystem)]),
    ...(postgres === undefined ? [] : [new PostgresProbe(postgres)]),
  ]
}

/**
 * Processes whose CPU is the system's own, not a noisy neighbour's: the system itself and its database, as far as they
 * run on this machine.
 */
export async function systemPids(
  plan: CompiledPlan,
  findSystem: () => Promise<number | undefined>,
): Promise<readonly number[]> {
  const pids = [await findSystem()]
  const database = plan.probes.postgres?.url
  if (database !== undefined && URL.canParse(database)) {
    const { hostname, port } = new URL(database)
    if (isLoopback(hostname)) pids.push(await findListener(Number(port) || 5432))
  }
  return pids.filter((pid) => pid !== undefined)
}
