import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { millis } from '../base/units.ts'
import { coarsen } from './coarsen.ts'
import type { Phase } from './events.ts'
import { fold, RunFold } from './fold.ts'
import type { RunRecord } from './run-record.ts'
import {
  type ExchangeInput,
  type IntervalInput,
  intervalsOfExchanges,
  RunBuilder,
  type SeriesInput,
} from './testing.ts'

const run = (intervals: readonly IntervalInput[], judge: 'steady' | 'all' = 'steady') => {
  const builder = new RunBuilder({ judge })
  for (const interval of intervals) builder.interval(interval)
  return builder.end().events
}

const responses = (record: RunRecord) =>
  record.series.find(({ metric, scope }) => metric === 'http.response_time' && scope === 'all')

const steady: IntervalInput = { series: [{ values: [10, 20] }] }
const stopping = (series: readonly SeriesInput[], rest: IntervalInput = {}): IntervalInput => ({
  phase: 'stopping',
  series,
  ...rest,
})

describe('what ends in the drain', () => {
  it('is judged when it began before, without lengthening the judged part', () => {
    const record = fold(
      run([
        steady,
        stopping([{ values: [5, 900, 1500], failed: 0 }]),
        stopping([{ values: [1200, 2500, 2700], failed: 3, censored: 2 }]),
      ]),
    )
    expect(record.judged.duration).toBe(1000)
    const series = responses(record)
    expect(series?.judged.count).toBe(5)
    expect(series?.drained).toMatchObject({ count: 3, failed: 2, censored: 2 })
    expect(series?.judged.histogram.max).toBe(2_700_000)
    expect(record.judgedTotals).toMatchObject({ requests: 5, failedRequests: 2 })
    expect(record.totals.requests).toBe(8)
  })

  it('is exact where everything in an interval began before', () => {
    const record = fold(run([steady, stopping([{ values: [1234.567, 4321.765], failed: 1, censored: 1 }])]))
    expect(responses(record)?.drained).toMatchObject({ count: 2, failed: 1, censored: 1 })
    expect(responses(record)?.drained.histogram).toMatchObject({ sum: 5_556_332, min: 1_234_567, max: 4_321_765 })
  })

  it('leaves out the bucket that the bound falls into', () => {
    // Buckets around 1.5 s are 1,024 µs wide.
    const record = fold(run([steady, stopping([{ values: [1, 1500.001, 1502] }], { length: 1500 })]))
    expect(responses(record)?.drained.count).toBe(1)
  })

  it('estimates a partial sum within the error of a bucket', () => {
    const record = fold(run([steady, stopping([{ values: [3, 1400, 2600, 3900.123] }])]))
    const histogram = responses(record)?.drained.histogram
    expect(Math.abs((histogram?.sum ?? 0) - 7_900_123)).toBeLessThan(7_900_123 * 0.0005)
    expect(histogram?.max).toBe(3_900_123)
    expect(Math.abs((histogram?.min ?? 0) - 1_400_000)).toBeLessThan(1024)
  })

  it('counts its failures by how long they took, and otherwise keeps their share', () => {
    const quickFailures: SeriesInput = { values: [2, 2, 2, 1500, 1600, 1700], failed: 3 }
    const failures: SeriesInput = { metric: 'http.failed_time', values: [2, 2, 2], failed: 3 }
    expect(responses(fold(run([steady, stopping([quickFailures, failures])])))?.drained.failed).toBe(0)
    expect(responses(fold(run([steady, stopping([quickFailures])])))?.drained).toMatchObject({ count: 3, failed: 2 })
  })

  it('counts iterations that ended, and arrivals that could not be started', () => {
    const journeys: SeriesInput = { metric: 'journey.duration', values: [100, 3000], failed: 1 }
    const record = fold(
      run([
        { shapes: [{ scheduled: 100, started: 100, completed: 98 }] },
        stopping([journeys], {
          shapes: [{ scheduled: 7, started: 2, dropped: 5, completed: 1, failed: 1, aborted: 2 }],
        }),
        stopping([], { shapes: [{ scheduled: 3, dropped: 3 }] }),
      ]),
    )
    expect(record.judgedTotals).toMatchObject({ scheduled: 110, started: 102, dropped: 8, iterations: 99 })
  })

  it.each([
    ['a ramp that is not judged, if it began before that', ['steady', 'ramp', 'stopping'], 'steady', 1],
    ['a warm-up', ['warm-up', 'stopping'], 'all', 0],
    ['nothing', ['stopping'], 'all', 0],
    ['a ramp that is judged because the plan says so', ['steady', 'ramp', 'stopping'], 'all', 1],
    ['a ramp where nothing was steady', ['ramp', 'ramp', 'stopping'], 'steady', 1],
  ] satisfies [string, Phase[], 'steady' | 'all', number][])('after %s', (_, phases, judge, drained) => {
    const intervals = phases.map((phase) => ({ ...steady, phase, shapes: [{ scheduled: 3, dropped: 3 }] }))
    const last = stopping([{ values: [phases.length * 2000] }])
    const record = fold(run([...intervals, last], judge))
    expect(responses(record)?.drained.count).toBe(drained)
    if (phases[0] === 'steady' && judge === 'steady') expect(record.judgedTotals.dropped).toBe(3)
    if (drained === 0) expect(record.judgedTotals.dropped).toBe(0)
  })

  it('counts iterations that were cut off as ended, and neither as failed nor as done', () => {
    const cut: SeriesInput = { metric: 'journey.duration', values: [3000, 3000], failed: 0, censored: 2 }
    const record = fold(run([{ shapes: [{ scheduled: 9, started: 9, completed: 7 }] }, stopping([cut])]))
    expect(record.judgedTotals).toMatchObject({ iterations: 9, abortedIterations: 2, failedIterations: 0 })
  })

  it('does not take what is told late in a ramp to be of before it', () => {
    const told: SeriesInput = { metric: 'delivery.last_receiver', values: [3000] }
    const judgedOf = (phases: Phase[]) =>
      fold(run([{ series: [told] }, ...phases.map((phase) => ({ phase, series: [told] }))])).series[0]?.judged.count
    expect(judgedOf(['stopping'])).toBe(2)
    expect(judgedOf(['ramp', 'stopping'])).toBe(1)
  })

  it('begins with the interval under way when the run is told to stop', () => {
    const builder = new RunBuilder().interval(steady)
    builder.add({ type: 'stop', at: millis(1400), reason: { kind: 'broken', criterion: 'x' } })
    builder.interval(stopping([{ values: [900, 1100] }]))
    expect(responses(fold(builder.events))?.drained.count).toBe(1)
  })
})

const lengths = (most: number, least = 1) =>
  fc.array(fc.integer({ min: 300, max: 1500 }), { minLength: least, maxLength: most })

/** Runs of a steady load of some seconds, perhaps a ramp-down, and a drain, exchange by exchange. */
const anyRun = fc.record({ steady: lengths(8), ramp: lengths(4, 0), drain: lengths(8) }).chain((lengths) => {
  let at = 0
  const ends = [...lengths.steady, ...lengths.ramp, ...lengths.drain].map((length) => (at += length))
  const steadyEnd = ends[lengths.steady.length - 1] ?? 0
  const loadEnd = ends[lengths.steady.length + lengths.ramp.length - 1] ?? 0
  const exchange: fc.Arbitrary<ExchangeInput> = fc.record({
    begin: fc.integer({ min: 0, max: at - 1 }),
    end: fc.integer({ min: 0, max: at }),
    failed: fc.boolean(),
    censored: fc.boolean(),
  })
  return fc
    .array(exchange, { maxLength: 60 })
    .map((all) => all.filter(({ begin, end }) => begin < end))
    .map((exchanges) => ({ exchanges, ends, loadEnd, steadyEnd }))
})

describe('the judged part with what was under way at its end', () => {
  it('has nothing that began later, and all that lasted for longer than what came after it', () => {
    fc.assert(
      fc.property(anyRun, ({ exchanges, steadyEnd, ...course }) => {
        const { ends } = course
        const record = fold(run(intervalsOfExchanges(exchanges, { ...course, steadyEnd })))
        const late = exchanges.filter(({ end }) => end > steadyEnd)
        const could = late.filter(({ begin }) => begin < steadyEnd)
        const endOf = (at: number) => ends.find((end) => end >= at) ?? 0
        const must = late.filter(({ begin, end }) => (end - begin) * (1 - 2 ** -10) > endOf(end) - steadyEnd)
        const { judged, drained, whole } = responses(record) ?? {}
        expect((judged?.count ?? 0) - (drained?.count ?? 0)).toBe(exchanges.length - late.length)
        expect(drained?.count ?? 0).toBeLessThanOrEqual(could.length)
        expect(drained?.count ?? 0).toBeGreaterThanOrEqual(must.length)
        expect(drained?.failed ?? 0).toBeLessThanOrEqual(could.filter(({ failed }) => failed).length)
        expect(drained?.failed ?? 0).toBeGreaterThanOrEqual(must.filter(({ failed }) => failed).length)
        expect(drained?.censored ?? 0).toBeLessThanOrEqual(drained?.count ?? 0)
        expect(record.judgedTotals.requests).toBe(judged?.count ?? 0)
        expect(judged?.count ?? 0).toBeLessThanOrEqual(whole?.count ?? 0)
        expect(record.judged.duration).toBe(steadyEnd)
      }),
    )
  })

  it('is the same after coarsening, once or again, and when folded in pieces', () => {
    const judgedOf = (record: RunRecord) => [
      record.judgedTotals,
      ...record.series.flatMap(({ metric, judged, drained }) =>
        [judged, drained].map(({ count, failed, censored, histogram }) => {
          const { sum, min, max } = histogram
          return { metric, count, failed, censored, sum, min, max, entries: [...histogram.entries()] }
        }),
      ),
    ]
    fc.assert(
      fc.property(anyRun, fc.integer({ min: 1, max: 10 }), ({ exchanges, ...course }, most) => {
        const events = run(intervalsOfExchanges(exchanges, course))
        const expected = judgedOf(fold(events))
        const coarse = coarsen(events, most)
        expect(judgedOf(fold(coarse))).toEqual(expected)
        expect(judgedOf(fold(coarsen(coarse, 2)))).toEqual(expected)
        const folded = new RunFold()
        for (const event of events) {
          folded.apply(event)
          void folded.record
        }
        expect(judgedOf(folded.record)).toEqual(expected)
      }),
    )
  })

  it('carries nothing of a clean drain through coarsening', () => {
    const clean = stopping([{ values: [3, 40] }])
    const intervals = coarsen(run([steady, clean, clean, clean]), 1).filter((event) => event.type === 'interval')
    expect(intervals.at(-1)).toMatchObject({ to: 4000, drain: [] })
  })
})
