import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { millis } from '../base/units.ts'
import { coarsen } from './coarsen.ts'
import type { Phase, RunEvent } from './events.ts'
import { fold, RunFold } from './fold.ts'
import type { Distribution, RunRecord } from './run-record.ts'
import { type IntervalInput, RunBuilder } from './testing.ts'
import { TIMELINE_POINTS, Timeline } from './timeline.ts'

const phases: readonly Phase[] = ['warm-up', 'ramp', 'steady', 'stopping']

const count = fc.nat({ max: 20 })
const anyInterval: fc.Arbitrary<IntervalInput> = fc.record({
  phase: fc.constantFrom(...phases),
  series: fc
    .uniqueArray(fc.constantFrom('GET /a', 'GET /b', ''), { maxLength: 3 })
    .chain((names) =>
      fc.tuple(
        ...names.map((name) =>
          fc.record({
            name: fc.constant(name),
            scope: fc.constant(name === '' ? ('all' as const) : ('endpoint' as const)),
            values: fc.array(fc.integer({ min: 0, max: 60_000 }), { minLength: 1, maxLength: 8 }),
          }),
        ),
      ),
    )
    .map((series) =>
      series.map((one) => ({ ...one, failed: one.values.length >> 1, censored: one.values.length >> 2 })),
    ),
  shapes: fc.constantFrom('users', 'arrivals').chain((shape) =>
    fc.tuple(count, count, count, count, count).map(([completed, failed, aborted, dropped, inFlight]) => {
      const started = completed + failed + aborted
      return [{ shape, completed, failed, aborted, dropped, inFlight, started, scheduled: started + dropped }]
    }),
  ),
  checks: fc.array(fc.record({ name: fc.constantFrom('x', 'y'), passed: count, failed: count }), { maxLength: 2 }),
  errors: fc.array(fc.record({ code: fc.constantFrom('A', 'B'), name: fc.constant('n'), count }), { maxLength: 2 }),
  bytesReceived: count,
  length: fc.integer({ min: 500, max: 1500 }),
})

/** Runs as they are: phases in their order, some of them missing. */
const anyRun = fc
  .record({
    judge: fc.constantFrom('steady' as const, 'all' as const),
    intervals: fc.array(anyInterval, { maxLength: 30 }),
  })
  .map(({ judge, intervals }) => {
    const ordered = intervals.toSorted((a, b) => phases.indexOf(a.phase ?? 'ramp') - phases.indexOf(b.phase ?? 'ramp'))
    const builder = new RunBuilder({ judge })
    for (const interval of ordered) builder.interval(interval).probe('process', { cpu: 0.5 })
    return builder.end().events
  })

const contents = ({ histogram, count, failed, censored }: Distribution) => ({
  count,
  failed,
  censored,
  sum: histogram.sum,
  min: histogram.min,
  max: histogram.max,
  entries: [...histogram.entries()],
})

const summary = (record: RunRecord) => ({
  totals: record.totals,
  judgedTotals: record.judgedTotals,
  judged: record.judged,
  duration: record.duration,
  checks: record.checks,
  errors: record.errors,
  shapes: record.shapes,
  probes: record.probes,
  series: record.series.map(({ metric, scope, name, judged, whole }) => ({
    metric,
    scope,
    name,
    judged: contents(judged),
    whole: contents(whole),
  })),
})

const intervalsOf = (events: readonly RunEvent[]) => events.filter((event) => event.type === 'interval')

describe('fold', () => {
  it('adds up to the sum of the intervals', () => {
    fc.assert(
      fc.property(anyRun, (events) => {
        const record = fold(events)
        const intervals = intervalsOf(events)
        const sum = (of: (interval: (typeof intervals)[number]) => number) =>
          intervals.reduce((all, one) => all + of(one), 0)
        expect(record.totals.started).toBe(sum((one) => one.shapes.reduce((all, shape) => all + shape.started, 0)))
        expect(record.totals.bytesReceived).toBe(sum((one) => one.bytesReceived))
        for (const { name, whole, points } of record.series) {
          const parts = intervals.flatMap((one) => one.series.filter((series) => series.name === name))
          const counts = (key: 'count' | 'failed' | 'censored' | 'sum') => parts.reduce((all, one) => all + one[key], 0)
          expect(whole.count).toBe(counts('count'))
          expect(whole.failed).toBe(counts('failed'))
          expect(whole.censored).toBe(counts('censored'))
          expect(whole.histogram.sum).toBe(counts('sum'))
          expect(points).toHaveLength(record.timeline.length)
          expect(points.reduce((all, point) => all + (point?.count ?? 0), 0)).toBe(whole.count)
        }
      }),
    )
  })

  it('gives the same judged part, totals and distributions after coarsening', () => {
    fc.assert(
      fc.property(anyRun, fc.integer({ min: 1, max: 12 }), (events, most) => {
        const coarse = coarsen(events, most)
        expect(summary(fold(coarse))).toEqual(summary(fold(events)))
        expect(coarse.map((event) => event.seq)).toEqual(coarse.map((_, index) => index))
        const changes = new Set(intervalsOf(events).map((one) => one.phase)).size
        expect(intervalsOf(coarse).length).toBeLessThanOrEqual(Math.max(most, changes))
      }),
    )
  })

  it('is the same in pieces, looked at in between, and at once', () => {
    fc.assert(
      fc.property(anyRun, (events) => {
        const folded = new RunFold()
        for (const event of events) {
          folded.apply(event)
          void folded.record.series
        }
        expect(summary(folded.record)).toEqual(summary(fold(events)))
      }),
    )
  })

  it('judges the steady part when there is one', () => {
    const record = fold(
      new RunBuilder()
        .interval({ phase: 'warm-up', series: [{ values: [900] }], checks: [{ name: 'ok', passed: 1, failed: 0 }] })
        .interval({ phase: 'ramp', series: [{ values: [500] }], checks: [{ name: 'ok', passed: 1, failed: 0 }] })
        .interval({ phase: 'steady', series: [{ values: [10, 20] }], checks: [{ name: 'ok', passed: 2, failed: 1 }] })
        .interval({ phase: 'ramp', series: [{ values: [600] }] })
        .interval({ phase: 'stopping', series: [{ values: [700] }] })
        .end().events,
    )
    expect(record.judged).toEqual({ duration: 1000, window: 'steady' })
    expect(record.series[0]?.judged.histogram).toMatchObject({ count: 2, max: 20_000 })
    expect(record.series[0]?.whole.count).toBe(6)
    expect(record.judgedTotals.requests).toBe(2)
    expect(record.checks).toEqual([{ name: 'ok', passed: 4, failed: 1, judged: { passed: 2, failed: 1 } }])
  })

  it.each([
    ['the plan says all', 'all', ['warm-up', 'ramp', 'steady', 'stopping'], 2000],
    ['nothing was steady', 'steady', ['warm-up', 'ramp', 'ramp', 'stopping'], 2000],
    ['the run ended in its warm-up', 'steady', ['warm-up', 'warm-up', 'stopping'], 0],
  ] as const)('judges what follows the warm-up when %s', (_, judge, phases, duration) => {
    const builder = new RunBuilder({ judge })
    for (const phase of phases) builder.interval({ phase, series: [{ values: [5] }] })
    const record = fold(builder.end().events)
    expect(record.judged).toEqual({ duration, window: 'after warm-up' })
    expect(record.judgedTotals.requests).toBe(duration / 1000)
  })

  it('folds a run that was killed', () => {
    const record = fold(new RunBuilder().interval({ series: [{ values: [5] }] }).events)
    expect(record.ended).toBeUndefined()
    expect(record.duration).toBe(1000)
    expect(record.totals.requests).toBe(1)
  })

  it('says so when the beginning is missing or from the future', () => {
    const [started, ...rest] = new RunBuilder().interval().events
    expect(() => fold(rest)).toThrow('no beginning')
    const newer = { ...started, version: 2 } as unknown as RunEvent
    expect(() => fold([newer])).toThrow(/newer Plimsoll.*version 2, this one reads up to 1/)
  })

  it('names workers that stayed silent to the end, not those that came back', () => {
    const lost = new RunBuilder().interval({ missingWorkers: [1, 2] }).interval({ missingWorkers: [2] })
    expect(fold(lost.events).lostWorkers).toEqual([2])
  })

  it('adds faults up, and keeps the first stack', () => {
    const fault = { type: 'fault', kind: 'threw', journey: 'buy', user: 1, message: 'Error: x' } as const
    const builder = new RunBuilder()
      .add({ ...fault, stack: 'at plan.ts:3', count: 1 })
      .add({ ...fault, stack: undefined, count: 41 })
    expect(fold(builder.events).faults).toMatchObject([{ journey: 'buy', stack: 'at plan.ts:3', count: 42 }])
  })

  it('passes over events that it does not know', () => {
    const [started] = new RunBuilder().events
    expect(fold([started as RunEvent, { type: 'comet', seq: 1 } as unknown as RunEvent]).timeline).toEqual([])
  })

  it('keeps the first reason to stop', () => {
    const builder = new RunBuilder().add({ type: 'stop', at: millis(5), reason: { kind: 'broken', criterion: 'x' } })
    const record = fold(builder.end({ kind: 'interrupted', signal: 'SIGINT', forced: true }).events)
    expect(record.stop?.reason.kind).toBe('broken')
    expect(record.ended?.reason.kind).toBe('interrupted')
  })
})

describe('Timeline', () => {
  const run = (length: number, most?: number) => {
    const timeline = new Timeline(most)
    const { events } = new RunBuilder().intervals(length, (i) => ({
      phase: i < 5 ? 'ramp' : 'steady',
      series: [{ values: [i, i + 1] }],
      shapes: [{ users: i, started: 2, scheduled: 2, completed: 2 }],
      generator: { loopDelayMax: i, inFlightArea: 10 },
      host: { cpuTotal: i },
    }))
    for (const event of events) if (event.type === 'interval') timeline.add(event, true)
    return timeline
  }

  it('keeps at most its points, evenly wide, adjacent, with exact sums', () => {
    const { points, series } = run(203, 20)
    expect(points.length).toBeLessThanOrEqual(20)
    expect(points.length).toBeGreaterThan(10)
    points.slice(1).forEach((point, i) => {
      expect(point.from).toBe(points[i]?.to)
    })
    expect(Math.max(...points.map((point) => point.to - point.from))).toBe(16_000)
    expect(new Set(points.map((point) => point.phase))).toEqual(new Set(['ramp', 'steady']))
    expect(points.reduce((sum, point) => sum + point.started, 0)).toBe(406)
    expect(points.at(-1)).toMatchObject({ to: 203_000, users: 202 })
    expect(points.at(-1)?.generators[0]?.loopDelayMax).toBe(202)
    expect(points.flatMap((point) => point.generators).reduce((sum, one) => sum + one.inFlightArea, 0)).toBe(2030)
    expect(series[0]?.points).toHaveLength(points.length)
    expect(series[0]?.points.reduce((sum, point) => sum + (point?.count ?? 0), 0)).toBe(406)
  })

  it('keeps every interval of a run of twenty minutes', () => {
    expect(run(TIMELINE_POINTS).points).toHaveLength(TIMELINE_POINTS)
    expect(run(TIMELINE_POINTS + 1).points.length).toBeLessThan(TIMELINE_POINTS)
  })
})
