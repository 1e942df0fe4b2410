import type { AgentOptions } from 'node:https'
import { isLoopback } from '../../engine/allow-host.ts'
import type { CompiledPlan, ThresholdUnit } from '../../plan/compiled.ts'
import { PostgresProbe } from '../../probes/postgres/postgres-probe.ts'
import type { Probe } from '../../probes/probe.ts'
import { findListener } from '../../probes/process/listener.ts'
import { ProcessProbe } from '../../probes/process/process-probe.ts'
import { PrometheusProbe } from '../../probes/prometheus/prometheus-probe.ts'
import { RedisProbe } from '../../probes/redis/redis-probe.ts'
import { bucketFigures } from '../../record/counted.ts'
import type { RunStarted } from '../../record/events.ts'

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
  const { process, postgres, redis, prometheus } = plan.probes
  return [
    ...(process === undefined ? [] : [new ProcessProbe(findSystem)]),
    ...(postgres === undefined ? [] : [new PostgresProbe(postgres)]),
    ...(redis === undefined ? [] : [new RedisProbe(redis)]),
    ...(prometheus === undefined ? [] : [new PrometheusProbe(prometheus, tlsFor(plan, prometheus.url))]),
  ]
}

/** The units of what samples hold of figures that the plan itself names. */
export function probeUnits({ probes }: CompiledPlan): NonNullable<RunStarted['plan']['probeUnits']> {
  if (probes.prometheus === undefined) return {}
  const units: Record<string, ThresholdUnit> = {}
  for (const [name, { kind, unit }] of Object.entries(probes.prometheus.figures)) {
    if (kind !== 'histogram') units[name] = unit
    else {
      for (const figure of bucketFigures) units[`${name} ${figure}`] = unit
      units[`${name} rate`] = '1/s'
    }
  }
  return { prometheus: units }
}

/** What the plan says of the system's certificates holds for its metrics too, and for no other host's. */
function tlsFor({ system, http }: CompiledPlan, url: string): AgentOptions | undefined {
  if (new URL(url).origin !== new URL(system.url).origin) return undefined
  return Object.fromEntries(Object.entries(http.tls).filter(([, value]) => value !== undefined))
}

/**
 * Processes whose CPU is the system's own, not a noisy neighbour's: the system itself, its database and its Redis, as
 * far as they run on this machine.
 */
export async function systemPids(
  plan: CompiledPlan,
  findSystem: () => Promise<number | undefined>,
): Promise<readonly number[]> {
  const pids = [await findSystem()]
  const { postgres, redis } = plan.probes
  for (const [url, usualPort] of [[postgres?.url, 5432] as const, [redis, 6379] as const]) {
    if (url === undefined || !URL.canParse(url)) continue
    const { hostname, port } = new URL(url)
    if (isLoopback(hostname)) pids.push(await findListener(Number(port) || usualPort))
  }
  return pids.filter((pid) => pid !== undefined)
}
