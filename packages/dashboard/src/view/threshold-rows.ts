import { judgeThresholds } from '../../../plimsoll/src/judge/thresholds/judge-thresholds.ts'
import type { ThresholdResult, Verdict } from '../../../plimsoll/src/judge/verdict.ts'
import type { ThresholdSpec } from '../../../plimsoll/src/plan/compiled.ts'
import type { RunRecord } from '../../../plimsoll/src/record/run-record.ts'
import { inUnit } from './format.ts'
import { type Gauge, gauge } from './gauge.ts'

/** A threshold with what was found, ready to be shown. */
export interface ThresholdRow {
  readonly key: string
  readonly result: ThresholdResult
  readonly gauge: Gauge | undefined
  /** How far from the limit, as a share of it: negative inside, positive beyond; undefined where it has no sense. */
  readonly excess: number | undefined
  readonly isQuantile: boolean
}

/** Rows in the plan's order; a run that goes on is judged as far as it got, without intervals. */
export function thresholdRows(record: RunRecord, verdict: Verdict | undefined): ThresholdRow[] {
  const specs = record.started.plan.thresholds
  const results = verdict?.thresholds ?? judgeThresholds(record, specs, { intervals: false })
  return results.map((result, index) => {
    const spec = specs.find((one) => sameThreshold(one, result))
    const bar = spec && gauge(spec.comparison, spec.value, result.actual, result.interval)
    const far =
      spec === undefined || result.actual === undefined || spec.value <= 0 ? undefined : result.actual / spec.value - 1
    return {
      key: `${result.subject}\n${result.metric}\n${result.limit}\n${index}`,
      result,
      gauge: bar,
      excess: far === undefined || bar === undefined ? undefined : bar.allowed === 'below' ? far : -far,
      isQuantile: spec?.statistic.kind === 'quantile',
    }
  })
}

const sameThreshold = (spec: ThresholdSpec, result: ThresholdResult): boolean =>
  spec.subject === result.subject && spec.metric === result.metric && spec.limit === result.limit

export const actualText = ({ actual, unit, atLeast, isRough }: ThresholdResult): string | undefined =>
  actual === undefined ? undefined : `${atLeast ? '≥ ' : isRough ? '≈ ' : ''}${inUnit(actual, unit)}`

export const intervalText = ({ interval, unit }: ThresholdResult): string | undefined =>
  interval === undefined ? undefined : `${bare(interval[0], unit)} to ${inUnit(interval[1], unit)}`

/** The unit is said once, at the second number, when both have the same. */
const bare = (value: number, unit: ThresholdResult['unit']): string =>
  unit === 'ms' && value < 10_000 ? inUnit(value, unit).replace(/ ms$/, '') : inUnit(value, unit)

interface QuantileLimit {
  readonly q: number
  readonly ms: number
  readonly label: string
}

/** The limits on response-time quantiles of one endpoint, or of everything. */
export const quantileLimits = (specs: readonly ThresholdSpec[], endpoint: string | undefined): QuantileLimit[] =>
  limitsOf(
    specs.filter(
      ({ scope, series }) =>
        series === 'response' &&
        (endpoint === undefined ? scope.kind === 'all' : scope.kind === 'endpoint' && scope.name === endpoint),
    ),
  )

/** The limits on delivery-latency quantiles of one event; of several together there are none. */
export const deliveryLimits = (specs: readonly ThresholdSpec[], event: string | undefined): QuantileLimit[] =>
  limitsOf(
    specs.filter(
      ({ scope, series }) => series === 'delivery.latency' && scope.kind === 'delivery' && scope.name === event,
    ),
  )

const limitsOf = (specs: readonly ThresholdSpec[]): QuantileLimit[] =>
  specs.flatMap(({ statistic, value, limit }) =>
    statistic.kind === 'quantile' ? [{ q: statistic.q, ms: value, label: limit }] : [],
  )
