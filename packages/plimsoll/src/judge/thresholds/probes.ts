import { nearestNames } from '../../base/nearest-names.ts'
import { rankOf } from '../../measure/histogram.ts'
import { type Sample, timeWeightedMean } from '../../measure/time-weighted.ts'
import type { ThresholdSpec } from '../../plan/compiled.ts'
import { judgedPoints } from '../../record/judged-points.ts'
import type { ProbeRecord, RunRecord } from '../../record/run-record.ts'
import { readCounted } from './counted.ts'
import { grouped, nothing, type Reading } from './reading.ts'

/**
 * A figure of a probe over the judged part. `cpu max`, `cpu mean`, `cpu min` and `cpu p95` say what of it; without such
 * a word, what may not be exceeded at any time (bytes, counts) is its highest sample, and what is a share, a rate or a
 * time is its mean over time. A figure that the probe itself names `query p95` is that figure. What was counted in parts
 * or buckets is read off all that was counted in the judged part (counted.ts).
 */
export function readProbe(record: RunRecord, name: string, spec: ThresholdSpec): Reading {
  const probe = record.probes.find((one) => one.probe === name)
  if (probe === undefined || probe.samples.length === 0) return nothing(silence(name, probe))
  const stretches = judgedPoints(record).map(({ point }) => point)
  // A sample tells of the time before it.
  const isJudged = ({ at }: { readonly at: number }) => stretches.some(({ from, to }) => at > from && at <= to)
  const pooled = readCounted(probe.samples.filter(isJudged), spec)
  if (pooled !== undefined) return pooled
  const keys = [...new Set(probe.samples.flatMap((sample) => Object.keys(sample.values)))]
  const key = keys.find((one) => one === spec.metric) ?? keys.find((one) => one === spec.series)
  if (key === undefined) {
    const missing = probe.trouble.find(({ figure }) => figure === spec.series || figure === spec.metric)
    if (missing !== undefined) return nothing(missing.message)
    return nothing(`the probe ${name} has no figure "${spec.metric}"; ${nearestNames(spec.series, keys)}`)
  }
  const statistic: ThresholdSpec['statistic'] = key === spec.metric ? { kind: 'value' } : spec.statistic
  const all: Sample[] = probe.samples.flatMap(({ at, values }) => {
    const value = values[key]
    return value === undefined ? [] : [{ at, value }]
  })
  const judged = all.filter(isJudged)
  if (judged.length === 0) {
    return nothing(`its ${grouped(all.length)} samples all lie outside the judged part (${record.judged.window})`)
  }
  const values = judged.map((sample) => sample.value)
  const mean = () => timeWeightedMean(all, stretches) ?? values.reduce((sum, value) => sum + value, 0) / values.length
  const samples = values.length
  switch (statistic.kind) {
    case 'min':
      return { found: true, actual: Math.min(...values), samples }
    case 'max':
      return { found: true, actual: Math.max(...values), samples }
    case 'quantile': {
      const sorted = values.toSorted((a, b) => a - b)
      return { found: true, actual: sorted[rankOf(statistic.q, sorted.length) - 1] ?? Number.NaN, samples }
    }
    case 'mean':
      return { found: true, actual: mean(), samples }
    default: {
      const isLevel = spec.unit === 'B' || spec.unit === 'count'
      return isLevel
        ? { found: true, actual: Math.max(...values), samples, note: `highest of ${grouped(samples)} samples` }
        : { found: true, actual: mean(), samples, note: `mean of ${grouped(samples)} samples` }
    }
  }
}

function silence(name: string, probe: ProbeRecord | undefined): string {
  const trouble = probe?.trouble[0]
  if (trouble !== undefined) return `the probe ${name} saw nothing: ${trouble.message}`
  return `no probe named ${name} took part in the run; switch it on in the plan's probes`
}
