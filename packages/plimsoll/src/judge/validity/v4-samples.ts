import { FEWEST_BEYOND } from '../../measure/quantile-doubt.ts'
import { judgedPoints } from '../../record/judged-points.ts'
import type { RunRecord } from '../../record/run-record.ts'
import { estimateJudged, seriesAddress } from '../thresholds/traffic.ts'
import type { ValidityFlag } from '../verdict.ts'
import { number } from './text.ts'

const ENOUGH = 20
/** With fewer points in time, what the samples are worth is itself too rough a figure to doubt a run for. */
const FEWEST_POINTS = 30

/**
 * V4: judged percentiles rest on enough independent samples, n_eff(1 − q) ≥ 10 (§3.3). A run is never doubted merely for
 * being short: a percentile with few samples says so in its threshold's note, and its interval is withheld. Suspect is
 * one that has samples enough, n(1 − q) ≥ 20, that come in so few bursts that it hangs on a handful of events.
 */
export function checkSamples(record: RunRecord): ValidityFlag | undefined {
  if (judgedPoints(record).length < FEWEST_POINTS) return undefined
  const thin: string[] = []
  for (const spec of record.started.plan.thresholds) {
    const address = seriesAddress(spec)
    if (address === undefined || spec.statistic.kind !== 'quantile') continue
    const { q } = spec.statistic
    const { metric, scope, name } = address
    const series = record.series.find((one) => one.metric === metric && one.scope === scope && one.name === name)
    if (series === undefined || series.judged.count * (1 - q) < ENOUGH) continue
    const estimate = estimateJudged(record, series, q)
    if (estimate?.effectiveCount === undefined || estimate.effectiveCount * (1 - q) >= FEWEST_BEYOND) continue
    const worth = number(Math.round(estimate.effectiveCount))
    thin.push(`${spec.subject} ${spec.metric} (${number(estimate.count)} samples, worth ${worth})`)
  }
  if (thin.length === 0) return undefined
  return {
    id: 'V4',
    severity: 'suspect',
    reason: `few independent samples, because slow ones came together: ${thin.join('; ')}`,
    advice: 'Run for longer, so that what happened a few times happens often; or look at when it happened.',
  }
}
