import type { CompiledFigure, ThresholdSpec, ThresholdUnit } from '../compiled.ts'
import { pathOf, show } from '../problem.ts'
import type { Reader } from './reader.ts'
import { didYouMean } from './suggest.ts'

/** What a plan has its Prometheus probe watch, by name. */
export type Figures = Readonly<Record<string, CompiledFigure>>

const units: Readonly<Record<ThresholdUnit, string>> = {
  ms: "a time, as in '< 300ms'",
  '1/s': "a rate, as in '>= 500/s'",
  ratio: "a share, as in '< 1%'",
  B: "bytes, as in '< 512MB'",
  'B/s': "bytes per second, as in '< 1MB/s'",
  count: "a number without a unit, as in '< 5'",
}

/** Holds limits on the Prometheus probe to the figures that the plan has it watch: there are no others. */
export function checkFigures(reader: Reader, thresholds: readonly ThresholdSpec[], figures: Figures | undefined): void {
  for (const { scope, subject, metric, limit, unit, value, ...spec } of thresholds) {
    if (scope.kind !== 'probe' || scope.name !== 'prometheus') continue
    const path = pathOf(reader.at(subject), metric)
    const wanted = unitOf({ metric, ...spec }, figures ?? {})
    if (wanted === undefined) {
      const names = Object.entries(figures ?? {}).flatMap(namesFor)
      const expected =
        names.length === 0
          ? 'a figure of `probes.prometheus`, which has none'
          : `a figure of \`probes.prometheus\`: ${names.join(', ')}`
      const hint = didYouMean(metric, names)
      reader.problems.push({ path, got: show(metric), expected, ...(hint === undefined ? {} : { hint }) })
    } else if (unit !== wanted && value !== 0 && !(isBare(unit) && isBare(wanted))) {
      reader.problems.push({ path, got: show(limit), expected: units[wanted], ...unitHint(wanted) })
    }
  }
}

/** Cores in use are as well a number as a share of one. */
const isBare = (unit: ThresholdUnit): boolean => unit === 'count' || unit === 'ratio'

const unitHint = (wanted: ThresholdUnit) =>
  wanted === 'count' ? { hint: "if the metric has a unit, say so in the figure: unit: 's', 'ms', 'B' or 'ratio'" } : {}

/** The unit of what a limit is about; undefined where there is no such figure, or not that of it. */
function unitOf(
  { metric, series, statistic }: Pick<ThresholdSpec, 'metric' | 'series' | 'statistic'>,
  figures: Figures,
): ThresholdUnit | undefined {
  const own = figures[metric]
  if (own !== undefined) return own.kind === 'histogram' ? undefined : own.unit
  const rated = /^(.+) rate$/.exec(metric)?.[1]
  if (rated !== undefined && figures[rated]?.kind === 'histogram') return '1/s'
  const figure = figures[series]
  const isOfSamplesOnly = statistic.kind === 'min' || statistic.kind === 'max' || statistic.kind === 'value'
  return figure?.kind === 'histogram' && isOfSamplesOnly ? undefined : figure?.unit
}

const namesFor = ([name, { kind }]: readonly [string, CompiledFigure]): string[] =>
  kind === 'histogram' ? ['p50', 'p95', 'p99', 'mean', 'rate'].map((of) => `${name} ${of}`) : [name]
