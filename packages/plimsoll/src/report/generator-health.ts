import { type Bytes, bytes, type Millis, millis, type Ratio, ratio, toMillis } from '../base/units.ts'
import type { ValidityFlag, Verdict } from '../judge/verdict.ts'
import { judgedPoints } from '../record/judged-points.ts'
import type { RunRecord, TimelinePoint } from '../record/run-record.ts'

/** How the generator did, over the judged part where there is one. */
export interface GeneratorHealth {
  readonly state: Verdict['validity']['state']
  readonly flags: readonly ValidityFlag[]
  readonly workers: number
  /** The p99 of a second's event-loop delays, over time, of the worker where it was highest. */
  readonly loopDelayP99: Millis | undefined
  readonly loopDelayMax: Millis | undefined
  readonly lateStartsP99: Millis | undefined
  /** How long octets had waited in the generator when they were read; only where there are sockets. */
  readonly receiveWaitP99: Millis | undefined
  /** Of the busiest worker's time. */
  readonly utilization: Ratio | undefined
  /** Cores used by the generator's process. */
  readonly cpu: number | undefined
  readonly cores: number | undefined
  /** Over the whole run. */
  readonly peakRss: Bytes | undefined
}

export function generatorHealth(record: RunRecord, { validity }: Verdict): GeneratorHealth {
  const judged = judgedPoints(record).map(({ point }) => point)
  const points = judged.length > 0 ? judged : record.timeline
  const delays = points.flatMap((point) => point.generators.map((one) => one.loopDelayMax))
  return {
    state: validity.state,
    flags: validity.flags,
    workers: record.started.plan.workers,
    loopDelayP99: optional(worstWorker(points, 'loopDelayP99'), millis),
    loopDelayMax: delays.length === 0 ? undefined : millis(Math.max(...delays)),
    lateStartsP99: p99Of(record, 'generator.lateness'),
    receiveWaitP99: p99Of(record, 'generator.receive_wait'),
    utilization: optional(worstWorker(points, 'utilization'), ratio),
    cpu: meanOf(points.map((point) => [point.host.cpuGenerator, point.to - point.from])),
    cores: record.timeline.at(-1)?.host.cores,
    peakRss:
      record.timeline.length === 0 ? undefined : bytes(Math.max(...record.timeline.map(({ host }) => host.rssBytes))),
  }
}

function p99Of(record: RunRecord, wanted: string): Millis | undefined {
  const series = record.series.find(({ metric, scope }) => metric === wanted && scope === 'all')
  const p99 = series?.judged.histogram.quantile(0.99) ?? series?.whole.histogram.quantile(0.99)
  return p99 === undefined ? undefined : toMillis(p99)
}

const optional = <T>(value: number | undefined, of: (value: number) => T): T | undefined =>
  value === undefined ? undefined : of(value)

function worstWorker(points: readonly TimelinePoint[], figure: 'loopDelayP99' | 'utilization'): number | undefined {
  const byWorker = new Map<number, [value: number, weight: number][]>()
  for (const point of points) {
    for (const generator of point.generators) {
      const list = byWorker.get(generator.worker) ?? []
      byWorker.set(generator.worker, list)
      list.push([generator[figure], point.to - point.from])
    }
  }
  const means = [...byWorker.values()].map((list) => meanOf(list) ?? 0)
  return means.length === 0 ? undefined : Math.max(...means)
}

/** Weighted by time. */
function meanOf(values: readonly (readonly [value: number, weight: number])[]): number | undefined {
  const time = values.reduce((sum, [, weight]) => sum + weight, 0)
  return time > 0 ? values.reduce((sum, [value, weight]) => sum + value * weight, 0) / time : undefined
}
