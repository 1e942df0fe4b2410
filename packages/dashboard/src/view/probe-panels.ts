import type { ThresholdSpec } from '../../../plimsoll/src/plan/compiled.ts'
import type { RunRecord } from '../../../plimsoll/src/record/run-record.ts'
import { inUnit, significant } from './format.ts'

/** One value of one probe over time. */
export interface ProbePanel {
  readonly probe: string
  readonly value: string
  readonly x: number[]
  readonly y: (number | null)[]
  readonly limits: readonly { readonly at: number; readonly label: string }[]
  readonly format: (value: number) => string
  /** Bytes: ticks at powers of two. */
  readonly binary: boolean
}

/** One panel for each value that a probe reported, those with thresholds first. */
export function probePanels(record: RunRecord): ProbePanel[] {
  return record.probes.flatMap(({ probe, samples }) => {
    const values = [...new Set(samples.flatMap((sample) => Object.keys(sample.values)))]
    const x = samples.map((sample) => sample.at / 1000)
    return values
      .map((value): ProbePanel => {
        const specs = record.started.plan.thresholds.filter((spec) => isAbout(spec, probe, value))
        const unit = record.started.plan.probeUnits?.[probe]?.[value] ?? specs[0]?.unit ?? units[value]
        return {
          probe,
          value,
          x,
          y: samples.map((sample) => sample.values[value] ?? null),
          limits: specs.map((spec) => ({ at: spec.value, label: spec.limit })),
          format: (number) => (unit === undefined ? significant(number) : inUnit(number, unit)),
          binary: unit === 'B' || unit === 'B/s',
        }
      })
      .toSorted((a, b) => b.limits.length - a.limits.length)
  })
}

/** A threshold may say what of a value it means: `cpu max` is about `cpu`. */
const isAbout = ({ scope, metric, series }: ThresholdSpec, probe: string, value: string): boolean =>
  scope.kind === 'probe' && scope.name === probe && (metric === value || series === value)

/** Units of the values that the probes name themselves; see the probes' own tables. */
const units: Readonly<Record<string, ThresholdSpec['unit']>> = {
  cpu: 'ratio',
  memory: 'B',
  'disk read': 'B/s',
  'disk write': 'B/s',
  disk: 'B/s',
  network: 'B/s',
  'network loopback': 'B/s',
  commits: '1/s',
  rollbacks: '1/s',
  'rows returned': '1/s',
  queries: '1/s',
  'cache hit': 'ratio',
  'temp bytes': 'B/s',
  wal: 'B/s',
  'database size': 'B',
  'memory rss': 'B',
  'memory share': 'ratio',
  commands: '1/s',
  hits: '1/s',
  misses: '1/s',
  'hit rate': 'ratio',
  'replication lag': 'ms',
  'query mean': 'ms',
  'query p95': 'ms',
  'query max': 'ms',
}
