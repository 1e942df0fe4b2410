import type { ThresholdSpec } from '../../../plimsoll/src/plan/compiled.ts'
import type { RunRecord } from '../../../plimsoll/src/record/run-record.ts'
import { bytes, latency, percent, rate, significant } from './format.ts'

/** One value of one probe over time. */
export interface ProbePanel {
  readonly probe: string
  readonly value: string
  readonly x: number[]
  readonly y: (number | null)[]
  readonly limits: readonly { readonly at: number; readonly label: string }[]
  readonly format: (value: number) => string
}

/** One panel for each value that a probe reported, those with thresholds first. */
export function probePanels(record: RunRecord): ProbePanel[] {
  return record.probes.flatMap(({ probe, samples }) => {
    const values = [...new Set(samples.flatMap((sample) => Object.keys(sample.values)))]
    const x = samples.map((sample) => sample.at / 1000)
    return values
      .map((value): ProbePanel => {
        const specs = record.started.plan.thresholds.filter((spec) => isAbout(spec, probe, value))
        return {
          probe,
          value,
          x,
          y: samples.map((sample) => sample.values[value] ?? null),
          limits: specs.map((spec) => ({ at: spec.value, label: spec.limit })),
          format: formatOf(value, specs[0]?.unit),
        }
      })
      .toSorted((a, b) => b.limits.length - a.limits.length)
  })
}

const isAbout = ({ scope, metric }: ThresholdSpec, probe: string, value: string): boolean =>
  scope.kind === 'probe' && scope.name === probe && metric === value

/** A probe's values carry no unit: a threshold on them tells it, else their customary names do. */
function formatOf(value: string, unit: ThresholdSpec['unit'] | undefined): (value: number) => string {
  if (unit === 'ratio' || /cpu|ratio|share|utili[sz]ation|hit/i.test(value)) return percent
  if (unit === 'B' || /memory|rss|heap|bytes|size/i.test(value)) return bytes
  if (unit === 'ms' || /\bp\d+|time|latency|delay|duration|lag/i.test(value)) return latency
  if (unit === '1/s' || /per second|\/s|rate/i.test(value)) return rate
  return significant
}
