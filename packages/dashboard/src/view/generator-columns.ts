import type { RunRecord } from '../../../plimsoll/src/record/run-record.ts'
import { findSeries } from './find-series.ts'
import { pointQuantiles } from './point-quantiles.ts'

type Column = (number | null)[]

/** The generator looking at itself over time: the worst worker of each moment. */
export interface GeneratorColumns {
  readonly x: number[]
  /** Milliseconds. */
  readonly loopDelayP99: Column
  readonly loopDelayMax: Column
  readonly latenessP50: Column
  readonly latenessP99: Column
  /** Cores. */
  readonly cpuGenerator: Column
  readonly cpuSystem: Column
  readonly cpuTotal: Column
}

export function generatorColumns(record: RunRecord): GeneratorColumns {
  const lateness = findSeries(record, 'generator.lateness')
  const columns: GeneratorColumns = {
    x: [],
    loopDelayP99: [],
    loopDelayMax: [],
    latenessP50: [],
    latenessP99: [],
    cpuGenerator: [],
    cpuSystem: [],
    cpuTotal: [],
  }
  record.timeline.forEach(({ from, to, generators, host }, index) => {
    const here = lateness?.points[index]
    const late = here === undefined ? undefined : pointQuantiles(here)
    const worst = (values: readonly number[]): number | null => (values.length === 0 ? null : Math.max(...values))
    columns.x.push((from + to) / 2000)
    columns.loopDelayP99.push(worst(generators.map((worker) => worker.loopDelayP99)))
    columns.loopDelayMax.push(worst(generators.map((worker) => worker.loopDelayMax)))
    columns.latenessP50.push(late?.p50 ?? null)
    columns.latenessP99.push(late?.p99 ?? null)
    columns.cpuGenerator.push(host.cpuGenerator)
    columns.cpuSystem.push(host.cpuSystem ?? null)
    columns.cpuTotal.push(host.cpuTotal ?? null)
  })
  return columns
}
