import { timeWeightedMean } from '../measure/time-weighted.ts'
import { figuresOf, sumCounted } from '../record/counted.ts'
import { judgedPoints } from '../record/judged-points.ts'
import type { ProbeRecord, RunRecord } from '../record/run-record.ts'
import type { Unit } from './format.ts'

/** One value that a probe reported, over the judged part where it has samples there. */
export interface ProbeValue {
  readonly name: string
  readonly unit: Unit
  /** Of what was counted in parts or buckets, the value over all of it. */
  readonly mean: number
  readonly min: number
  readonly max: number
  readonly last: number
  readonly samples: number
}

export interface ProbeSummary {
  readonly probe: string
  readonly values: readonly ProbeValue[]
  /** Sentences: what could not be watched, and why. */
  readonly trouble: readonly string[]
}

export const summarizeProbes = (record: RunRecord): ProbeSummary[] =>
  record.probes.map((probe) => ({
    probe: probe.probe,
    values: summarizeValues(record, probe),
    trouble: [...new Set(probe.trouble.map(({ message }) => message))],
  }))

function summarizeValues(record: RunRecord, { probe, samples }: ProbeRecord): ProbeValue[] {
  const stretches = judgedPoints(record).map(({ point }) => point)
  // A sample tells of the time before it.
  const isJudged = (at: number): boolean => stretches.some(({ from, to }) => at > from && at <= to)
  const names = [...new Set(samples.flatMap((sample) => Object.keys(sample.values)))]
  const overall: Record<string, number> = {}
  for (const [figure, sum] of Object.entries(sumCounted(samples.filter(({ at }) => isJudged(at))))) {
    Object.assign(overall, figuresOf(figure, sum))
  }
  return names.map((name) => {
    const all = samples.flatMap(({ at, values }) => (values[name] === undefined ? [] : [{ at, value: values[name] }]))
    const judged = all.filter(({ at }) => isJudged(at))
    const values = (judged.length > 0 ? judged : all).map(({ value }) => value)
    return {
      name,
      unit: unitOf(record, probe, name),
      mean:
        overall[name] ??
        timeWeightedMean(all, stretches) ??
        values.reduce((sum, value) => sum + value, 0) / values.length,
      min: values.reduce((low, value) => Math.min(low, value), Number.POSITIVE_INFINITY),
      max: values.reduce((high, value) => Math.max(high, value), Number.NEGATIVE_INFINITY),
      last: values.at(-1) ?? Number.NaN,
      samples: values.length,
    }
  })
}

/**
 * Values of probes carry no unit: of figures that the plan names, it is told; else a threshold on them tells it, else the
 * names that the probes give do.
 */
function unitOf(record: RunRecord, probe: string, name: string): Unit {
  const told = record.started.plan.probeUnits?.[probe]?.[name]
  if (told !== undefined) return told
  const spec = record.started.plan.thresholds.find(({ scope, metric }) => {
    return scope.kind === 'probe' && scope.name === probe && metric === name
  })
  return spec?.unit ?? customary.find(([pattern]) => pattern.test(name))?.[1] ?? 'count'
}

const customary: readonly (readonly [RegExp, Unit])[] = [
  [/^cpu$|\bhit\b|ratio|share/, 'ratio'],
  [/^memory( rss)?$|^database size$|\brss\b|heap/, 'B'],
  [/^disk|^network|^wal$|^temp bytes$/, 'B/s'],
  [/^query (mean|p\d+|max)$|delay|latency|duration|\blag$/, 'ms'],
  [/^(commits|rollbacks|rows returned|queries|commands|hits|misses)$/, '1/s'],
]
