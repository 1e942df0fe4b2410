import { describe, expect, it } from 'vitest'
import { millis } from '../../base/units.ts'
import type { ThresholdSpec } from '../../plan/compiled.ts'
import { fold } from '../../record/fold.ts'
import { type ExchangeInput, intervalsOfExchanges, RunBuilder, threshold } from '../../record/testing.ts'
import { judge } from '../judge.ts'
import { LiveJudge } from './live.ts'
import { estimateJudged } from './traffic.ts'

const LOAD_END = 30_000

/** Open model: 20 arrivals a second, answered in 20 ms, but none between `from` and `to`. */
const open = (from: number, to: number): ExchangeInput[] =>
  Array.from({ length: 600 }, (_, i) => {
    const begin = i * 50 + 10
    return { begin, end: begin < from ? begin + 20 : Math.max(begin, to) + 20 }
  })

/** Closed model: ten users that ask once a second, wait for the answer, and are stuck from `from` to `to`. */
const closed = (from: number, to: number): ExchangeInput[] =>
  Array.from({ length: 10 }, (_, user) => {
    const exchanges: ExchangeInput[] = []
    for (let at = user * 100 + 10; at < LOAD_END; ) {
      const end = at < from ? at + 20 : Math.max(at, to) + 20
      exchanges.push({ begin: at, end })
      at = end + 980
    }
    return exchanges
  }).flat()

/** The graceful stop ends at `at`: what is under way then is cut off. */
const cutOff = (exchanges: readonly ExchangeInput[], at: number): ExchangeInput[] =>
  exchanges.map((one) => (one.end > at ? { ...one, end: at, censored: true } : one))

const never = Number.POSITIVE_INFINITY
const p95: Partial<ThresholdSpec> = { statistic: { kind: 'quantile', q: 0.95 } }
const p98: Partial<ThresholdSpec> = { metric: 'p98', statistic: { kind: 'quantile', q: 0.98 } }

function recordOf(
  exchanges: readonly ExchangeInput[],
  spec: Partial<ThresholdSpec>,
  { seconds = 40, steadyEnd = LOAD_END } = {},
) {
  const builder = new RunBuilder({ thresholds: [threshold(spec)] })
  const ends = Array.from({ length: seconds }, (_, i) => (i + 1) * 1000)
  for (const interval of intervalsOfExchanges(exchanges, { ends, loadEnd: LOAD_END, steadyEnd })) {
    const area = interval.series?.[0]?.values.reduce((sum, value) => sum + value, 0) ?? 0
    const generator = { inFlightRequests: 0, inFlightArea: area }
    const begun = interval.phase === 'stopping' ? 0 : 10
    builder.interval({ ...interval, shapes: [{ scheduled: begun, started: begun, completed: begun }], generator })
  }
  return fold(builder.end().events)
}

describe('a system that hangs for the last five seconds', () => {
  it.each([
    ['open', open, p95],
    ['closed', closed, p98],
  ] as const)('and recovers in the drain has missed its limit (%s)', (_, model, spec) => {
    const verdict = judge(recordOf(model(25_000, 31_000), spec))
    expect(verdict.outcome).toBe('missed')
    expect(verdict.thresholds[0]).toMatchObject({ verdict: 'missed', atLeast: false })
    expect(verdict.thresholds[0]?.actual).toBeGreaterThan(3000)
    expect(verdict.validity.state).not.toBe('invalid')
  })

  it.each([
    ['open', open, p95],
    ['closed', closed, p98],
  ] as const)('and does not recover is known to have taken at least so long (%s)', (_, model, spec) => {
    const exchanges = cutOff(model(25_000, never), 39_500)
    const verdict = judge(recordOf(exchanges, spec))
    expect(verdict.outcome).toBe('missed')
    expect(verdict.thresholds[0]).toMatchObject({ verdict: 'missed', atLeast: true })
    expect(judge(recordOf(exchanges, { ...spec, value: 60_000 })).thresholds[0]).toMatchObject({ verdict: 'missed' })
  })

  it('counts in shares of errors', () => {
    const timedOut = open(25_000, never).map((one) =>
      one.end === never ? { ...one, end: one.begin + 6000, failed: true, censored: true } : one,
    )
    const errors = { scope: { kind: 'counter', name: 'errors' }, statistic: { kind: 'share' }, unit: 'ratio' } as const
    const [result] = judge(recordOf(timedOut, { ...errors, value: 0.01 })).thresholds
    expect(result?.verdict).toBe('missed')
    // The interval in which the last 20 end is longer after the load's end than they took.
    expect(result?.actual).toBeCloseTo(80 / 580, 10)
  })

  it('has an interval of the distribution that is judged', () => {
    const record = recordOf(open(25_000, 31_000), p95)
    const series = record.series.find(({ metric }) => metric === 'http.response_time')
    const estimate = series && estimateJudged(record, series, 0.95)
    expect(estimate?.count).toBe(series?.judged.count)
    expect(estimate?.value).toBe(series?.judged.histogram.quantile(0.95))
  })

  it('is judged when nothing of an endpoint was answered before', () => {
    const [result] = judge(recordOf(cutOff(open(0, never), 39_500), p95)).thresholds
    // Cut off in the middle of an interval: those of the last half second may have begun after the load.
    expect(result).toMatchObject({ verdict: 'missed', atLeast: true, samples: 590 })
  })
})

describe('a hang that begins in the steady part', () => {
  it('and ends in a ramp-down that is not judged has missed its limit', () => {
    const exchanges = open(20_000, 28_000)
    const record = recordOf(exchanges, p95, { steadyEnd: 25_000 })
    expect(record.judged.duration).toBe(25_000)
    const [result] = judge(record).thresholds
    expect(result).toMatchObject({ verdict: 'missed', atLeast: false })
    // All ended at 28.02 s, in an interval that ends 4 s after the steady part: those of its last second may be later.
    expect(result?.samples).toBe(481)
  })

  it('and recovers within it is judged as it was', () => {
    const clean = recordOf(open(never, never), p95, { steadyEnd: 25_000 })
    expect(judge(clean).thresholds[0]).toMatchObject({ verdict: 'met', samples: 500 })
  })
})

describe('a run that ends cleanly', () => {
  it.each([
    ['open', open, p95],
    ['closed', closed, p98],
  ] as const)('is judged as if there were no drain (%s)', (_, model, spec) => {
    const exchanges = model(never, never)
    const inTime = exchanges.filter(({ end }) => end <= LOAD_END)
    const withDrain = recordOf([...exchanges, { begin: 30_100, end: 30_900 }], spec)
    const without = recordOf(inTime, spec, { seconds: 30 })
    expect(judge(withDrain)).toEqual(judge(without))
    expect(withDrain.judgedTotals).toEqual(without.judgedTotals)
    expect(judge(withDrain).outcome).toBe('met')
  })
})

describe('thresholds that abort', () => {
  it('do not cut the drain short', () => {
    const live = new LiveJudge({ thresholds: [threshold({ abortAfter: millis(0) })], until: undefined })
    const record = recordOf(open(25_000, 31_000), p95)
    const [last] = new RunBuilder().interval({ phase: 'stopping' }).events.slice(-1)
    if (last?.type !== 'interval') throw new Error('the last event is the interval')
    expect(live.check(last, () => record)).toBeUndefined()
    expect(live.check({ ...last, phase: 'steady' }, () => record)).toMatchObject({ kind: 'threshold' })
  })
})
