import { lagOne, varianceInflation } from '../../measure/autocorrelation.ts'
import { mannKendall } from '../../measure/mann-kendall.ts'
import { blockMedians, median } from '../../measure/median.ts'
import { mser5 } from '../../measure/mser5.ts'
import { theilSen } from '../../measure/theil-sen.ts'
import { judgedPoints } from '../../record/judged-points.ts'
import type { RunRecord } from '../../record/run-record.ts'
import type { ValidityFlag } from '../verdict.ts'
import { endedBroken } from './rule.ts'
import { ms, percent } from './text.ts'

/** With 60 windows MSER-5 finds no steady state in 12 % of perfectly steady series (§3.6). */
const FEWEST_WINDOWS = 120
const BLOCKS = 20
/** Above these, a strong trend of another shape than a line would excuse itself by what the line leaves over. */
const MOST_RESEMBLANCE = { blocks: 0.6, seconds: 0.95 }
/** Standard errors between two parts. High, because MSER-5 has already looked for where they differ most. */
const APART = 4
/** Changes smaller than both of these are real and do not matter. */
const MATTERS = { share: 0.1, ms: 1 }

/**
 * V6: the judged part of a constant load was steady. Looks at the median response time of each second: suspect when the
 * first quarter or more would have to be cut off (MSER-5), invalid when no cut up to half of it helps, or when it drifts
 * (Mann–Kendall p < 0.01) by more than 10 % (§3.3). Both say nothing below 120 seconds, of changes under 1 ms, and of a
 * changing load. Neighbouring seconds resemble each other, which by itself would raise 14 % to 21 % false alarms (AR(0.9)
 * and AR(0.95), 150 s): so the trend is tested on medians of 20 blocks, and both tests allow for what resemblance there
 * is. That leaves 3.5 % invalid and 3.5 % suspect for AR(0.9), 0.5 % for AR(0.5) (200 runs each), and still finds every growth to the double.
 *
 * A system that does not settle is no fault of the generator. The run is invalid all the same, because its percentiles
 * describe neither how it began nor where it was going: a longer run would give other ones.
 */
export function checkStationarity(record: RunRecord): ValidityFlag | undefined {
  const points = judgedPoints(record)
  const isConstant = points.every(({ point }) => point.phase === 'steady' && point.target === points[0]?.point.target)
  if (!isConstant || endedBroken(record)) return undefined
  const series = record.series.find((one) => one.metric === 'http.response_time' && one.scope === 'all')
  const medians = points.flatMap(({ index }) => {
    const value = series?.points[index]?.histogram.quantile(0.5)
    return value === undefined ? [] : [value / 1000]
  })
  if (medians.length < FEWEST_WINDOWS) return undefined
  return drift(medians) ?? warmUp(medians)
}

function drift(medians: readonly number[]): ValidityFlag | undefined {
  const blocks = blockMedians(medians, BLOCKS)
  const slope = theilSen(blocks) ?? 0
  const change = slope * (BLOCKS - 1)
  const level = median(medians) ?? 0
  const resemblance = unbiased(lagOne(blocks.map((value, i) => value - slope * i)))
  const inflation = varianceInflation(resemblance, MOST_RESEMBLANCE.blocks)
  if (!matters(change, level) || mannKendall(blocks, inflation).p >= 0.01) return undefined
  const [first = 0] = blocks
  return {
    id: 'V6',
    severity: 'invalid',
    reason: `at constant load the median response time ${change > 0 ? 'rose' : 'fell'} by ${percent(Math.abs(change) / level)} during the judged part (from about ${ms(first)} to ${ms(blocks.at(-1) ?? 0)}): one percentile cannot describe it`,
    advice:
      change > 0
        ? 'The system slows down while it is loaded: a queue that grows (the load is above what it carries), a leak, or a table that grows. Lower the load, or look for the cause.'
        : 'The system was still getting faster: lengthen the warm-up.',
  }
}

function warmUp(medians: readonly number[]): ValidityFlag | undefined {
  const found = mser5(medians)
  if (found === undefined || found.cut <= 0.25 * medians.length) return undefined
  const before = average(medians.slice(0, found.cut))
  const after = average(medians.slice(found.cut))
  if (!matters(before - after, after) || !isApart(medians, found.cut)) return undefined
  return {
    id: 'V6',
    severity: found.settled ? 'suspect' : 'invalid',
    reason: `the first ${percent(found.cut / medians.length)} of the judged part differ from the rest: a median response time of ${ms(before)}, later ${ms(after)}`,
    advice: 'Lengthen the warm-up by that much, or look for what changed at that moment.',
  }
}

/** Lag-one correlation of a short detrended series comes out too low (Kendall's correction, as Yue & Wang use it). */
const unbiased = (r: number): number => r + (1 + 3 * r) / BLOCKS

/** Whether the parts before and after the cut differ by more than dependent noise would. */
function isApart(medians: readonly number[], cut: number): boolean {
  const [head, tail] = [medians.slice(0, cut), medians.slice(cut)]
  const [before, after] = [average(head), average(tail)]
  const rest = [...head.map((value) => value - before), ...tail.map((value) => value - after)]
  const variance = rest.reduce((sum, value) => sum + value * value, 0) / Math.max(1, rest.length - 2)
  const inflation = varianceInflation(lagOne(rest), MOST_RESEMBLANCE.seconds)
  return Math.abs(before - after) > APART * Math.sqrt(variance * inflation * (1 / head.length + 1 / tail.length))
}

const matters = (change: number, level: number): boolean =>
  Math.abs(change) > MATTERS.share * level && Math.abs(change) > MATTERS.ms

const average = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length
