import { decodeBase64, encodeBase64 } from '../measure/base64.ts'
import { Histogram } from '../measure/histogram.ts'
import { decodeHistogram, encodeHistogram } from '../measure/histogram-codec.ts'
import { carriedParts } from './drain.ts'
import type { GeneratorInterval, HostInterval, Interval, SeriesInterval, ShapeInterval } from './events.ts'
import { mergeSockets } from './merge-sockets.ts'
import { sumBy } from './sum-by.ts'

/** A span of time with what was seen of the generator and its machine. */
interface Span {
  readonly from: number
  readonly to: number
}

/**
 * Joins adjacent intervals of one phase into one. Counts, sums and buckets are exact; what was a state at an interval's
 * end is the last one's; what was a mean over time is weighted by time. Joined intervals that are not judged, but come
 * `afterSteady` ones that may be, carry what tells which of their samples are judged.
 */
export function mergeIntervals(parts: readonly Interval[], afterSteady: boolean): Interval {
  const first = parts[0]
  const last = parts.at(-1)
  if (first === undefined || last === undefined) throw new RangeError('there is no interval to merge')
  if (parts.length === 1) return first
  const overflowed = [...new Set(parts.flatMap((part) => part.overflowed ?? []))]
  return {
    type: 'interval',
    index: first.index,
    from: first.from,
    to: last.to,
    phase: last.phase,
    series: mergeSeries(parts.flatMap((part) => part.series)),
    shapes: mergeShapes(parts.map((part) => part.shapes)),
    checks: sumBy(
      parts.flatMap((part) => part.checks),
      (one) => one.name,
      (a, b) => ({ name: a.name, passed: a.passed + b.passed, failed: a.failed + b.failed }),
    ),
    errors: sumBy(
      parts.flatMap((part) => part.errors),
      (one) => `${one.code}\n${one.name}`,
      (a, b) => ({ ...a, count: a.count + b.count }),
    ),
    ...mergeSockets(parts),
    bytesSent: total(parts, (part) => part.bytesSent),
    bytesReceived: total(parts, (part) => part.bytesReceived),
    generators: mergeGenerators(parts),
    host: mergeHosts(parts),
    missingWorkers: last.missingWorkers,
    ...(overflowed.length > 0 ? { overflowed } : {}),
    ...(last.phase === 'stopping' || (last.phase === 'ramp' && afterSteady)
      ? { drain: carriedParts(parts, first.from) }
      : {}),
  }
}

/** Counts add up; users, target and iterations under way are the last ones known. */
export function mergeShapes(parts: readonly (readonly ShapeInterval[])[]): ShapeInterval[] {
  return sumBy(
    parts.flat(),
    (one) => one.shape,
    (a, b) => ({
      shape: b.shape,
      users: b.users,
      target: b.target,
      scheduled: a.scheduled + b.scheduled,
      started: a.started + b.started,
      dropped: a.dropped + b.dropped,
      completed: a.completed + b.completed,
      failed: a.failed + b.failed,
      aborted: a.aborted + b.aborted,
      inFlight: b.inFlight,
    }),
  )
}

export function mergeGenerators(
  parts: readonly (Span & { readonly generators: readonly GeneratorInterval[] })[],
): GeneratorInterval[] {
  const byWorker = new Map<number, { one: GeneratorInterval; weight: number }[]>()
  for (const part of parts) {
    for (const one of part.generators) {
      const list = byWorker.get(one.worker) ?? []
      byWorker.set(one.worker, list)
      list.push({ one, weight: part.to - part.from })
    }
  }
  return [...byWorker.values()].map((list) => {
    const mean = (of: (one: GeneratorInterval) => number) => weighted(list.map(({ one, weight }) => [of(one), weight]))
    const last = list.at(-1)?.one as GeneratorInterval
    const ones = list.map(({ one }) => one)
    return {
      worker: last.worker,
      loopDelayP50: mean((one) => one.loopDelayP50),
      // Not the highest: a long run's points would then all look as bad as their worst second.
      loopDelayP99: mean((one) => one.loopDelayP99),
      loopDelayMax: Math.max(...ones.map((one) => one.loopDelayMax)),
      utilization: mean((one) => one.utilization),
      cpu: mean((one) => one.cpu),
      gcMs: total(ones, (one) => one.gcMs),
      heapBytes: Math.max(...ones.map((one) => one.heapBytes)),
      clockStep: total(ones, (one) => one.clockStep),
      openConnections: last.openConnections,
      inFlightRequests: last.inFlightRequests,
      inFlightArea: total(ones, (one) => one.inFlightArea),
      atCap: mean((one) => one.atCap),
    }
  })
}

export function mergeHosts(parts: readonly (Span & { readonly host: HostInterval })[]): HostInterval {
  const last = parts.at(-1)?.host
  if (last === undefined) throw new RangeError('there is no host to merge')
  /** Weighted by time over those that know; undefined when none does. */
  const mean = (of: (host: HostInterval) => number | undefined): number | undefined => {
    const known: [number, number][] = []
    for (const part of parts) {
      const value = of(part.host)
      if (value !== undefined) known.push([value, part.to - part.from])
    }
    return known.length === 0 ? undefined : weighted(known)
  }
  const throttled = parts.map((part) => part.host.throttled).filter((value) => value !== undefined)
  return {
    cpuTotal: mean((host) => host.cpuTotal),
    cpuGenerator: mean((host) => host.cpuGenerator) ?? 0,
    cpuSystem: mean((host) => host.cpuSystem),
    cores: last.cores,
    steal: mean((host) => host.steal),
    throttled: throttled.length === 0 ? undefined : total(throttled, (value) => value),
    pressure: mean((host) => host.pressure),
    rssBytes: Math.max(...parts.map((part) => part.host.rssBytes)),
    openFiles: last.openFiles,
    maxFiles: last.maxFiles,
  }
}

function mergeSeries(all: readonly SeriesInterval[]): SeriesInterval[] {
  const groups = new Map<string, SeriesInterval[]>()
  for (const one of all) {
    const key = `${one.metric}\n${one.scope}\n${one.name}`
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [one])
    else group.push(one)
  }
  return [...groups.values()].map((group) => {
    const first = group[0] as SeriesInterval
    if (group.length === 1) return first
    const sum = new Histogram()
    for (const one of group) sum.add(decodeHistogram(decodeBase64(one.histogram), one))
    return {
      metric: first.metric,
      scope: first.scope,
      name: first.name,
      count: sum.count,
      failed: total(group, (one) => one.failed),
      censored: total(group, (one) => one.censored),
      sum: sum.sum,
      min: sum.min,
      max: sum.max,
      histogram: encodeBase64(encodeHistogram(sum)),
    }
  })
}

const total = <T>(items: readonly T[], of: (item: T) => number): number => items.reduce((sum, one) => sum + of(one), 0)

/** A mean weighted by time; the plain mean when no time passed. */
function weighted(values: readonly (readonly [value: number, weight: number])[]): number {
  const time = total(values, ([, weight]) => weight)
  if (time <= 0) return total(values, ([value]) => value) / values.length
  return total(values, ([value, weight]) => value * weight) / time
}
