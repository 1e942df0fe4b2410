import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { coarsen } from './coarsen.ts'
import type { Phase } from './events.ts'
import { fold } from './fold.ts'
import { type IntervalInput, RunBuilder } from './testing.ts'

const tally = fc.nat({ max: 50 })
const anyInterval: fc.Arbitrary<IntervalInput> = fc.record(
  {
    connections: fc.array(
      fc.record({ protocol: fc.constantFrom('ws', 'socketio'), open: tally, away: tally, opened: tally, lost: tally }),
      { maxLength: 2 },
    ),
    messages: fc.array(fc.record({ name: fc.constantFrom('a', 'b'), count: tally, bytes: tally }), { maxLength: 3 }),
    deliveries: fc.array(
      fc.record({ event: fc.constantFrom('a', 'b'), room: fc.constantFrom('x', 'y'), expected: tally, late: tally }),
      { maxLength: 3 },
    ),
    series: fc.array(
      fc.record({
        metric: fc.constantFrom('delivery.latency', 'delivery.last_receiver', 'delivery.receiver_mean'),
        values: fc.array(fc.integer({ min: 1, max: 5000 }), { minLength: 1, maxLength: 4 }),
      }),
      { maxLength: 2 },
    ),
  },
  { requiredKeys: [] },
)
const anyRun = fc
  .tuple(
    ...(['ramp', 'steady', 'stopping'] as const).map((phase) =>
      fc.tuple(fc.constant(phase), fc.array(anyInterval, { maxLength: 6 })),
    ),
  )
  .map((stretches: readonly (readonly [Phase, readonly IntervalInput[]])[]) => {
    const builder = new RunBuilder()
    for (const [phase, intervals] of stretches) for (const one of intervals) builder.interval({ ...one, phase })
    return builder.end().events
  })

const ofEvent = (rows: readonly { readonly event: string; readonly expected: number }[], event: string): number =>
  rows.filter((one) => one.event === event).reduce((sum, one) => sum + one.expected, 0)

describe('sockets in the record', () => {
  it('adds up over time: by room in all, by event in the timeline', () => {
    fc.assert(
      fc.property(anyRun, (events) => {
        const record = fold(events)
        const intervals = events.filter((event) => event.type === 'interval')
        for (const event of ['a', 'b']) {
          const expected = ofEvent(
            intervals.flatMap(({ deliveries = [] }) => deliveries),
            event,
          )
          expect(ofEvent(record.deliveries, event)).toBe(expected)
          const points = record.timeline.flatMap(({ deliveries }) => deliveries)
          expect(ofEvent(points, event)).toBe(expected)
          expect(points.every(({ room }) => room === '')).toBe(true)
        }
        const pairs = record.deliveries.map(({ event, room }) => `${event} ${room}`)
        expect(new Set(pairs).size).toBe(pairs.length)
      }),
    )
  })

  it('is the same after coarsening', () => {
    fc.assert(
      fc.property(anyRun, fc.integer({ min: 1, max: 6 }), (events, most) => {
        const [fine, coarse] = [fold(events), fold(coarsen(events, most))]
        const socketsOf = ({ connections, messages, deliveries, series }: typeof fine) => ({
          connections,
          messages,
          deliveries,
          judged: series.map(({ metric, judged }) => [metric, judged.count, judged.histogram.sum]),
        })
        expect(socketsOf(coarse)).toEqual(socketsOf(fine))
      }),
    )
  })

  it('counts what stands at the end, and what happened throughout', () => {
    const { connections } = fold(
      new RunBuilder()
        .interval({ connections: [{ open: 10, opened: 10 }] })
        .interval({ connections: [{ open: 4, away: 6, cut: 6 }] })
        .interval({ connections: [{ open: 9, away: 1, reconnected: 5, recovered: 3, notRecovered: 2 }] })
        .end().events,
    )
    expect(connections).toMatchObject([
      { open: 9, away: 1, opened: 10, cut: 6, reconnected: 5, recovered: 3, notRecovered: 2, lost: 0 },
    ])
  })

  it('keeps the judged part of messages apart, and begins it anew with the first steady interval', () => {
    const { messages } = fold(
      new RunBuilder()
        .interval({ phase: 'ramp', messages: [{ count: 5, bytes: 50 }] })
        .interval({ phase: 'steady', messages: [{ count: 7, bytes: 70 }] })
        .interval({ phase: 'stopping', messages: [{ count: 2, bytes: 20 }] })
        .end().events,
    )
    expect(messages).toMatchObject([{ name: 'message', count: 14, bytes: 140, judged: { count: 7, bytes: 70 } }])
  })

  it('judges what is told late where it is told, the drain included, and receivers always', () => {
    const both = (value: number) => [
      { metric: 'delivery.last_receiver', values: [value] },
      { metric: 'delivery.receiver_mean', values: [value] },
      { metric: 'delivery.latency', values: [value] },
    ]
    const { series } = fold(
      new RunBuilder()
        .interval({ phase: 'ramp', series: both(1) })
        .interval({ phase: 'steady', series: both(2) })
        .interval({ phase: 'stopping', series: both(3) })
        .end().events,
    )
    expect(series.map(({ metric, judged }) => [metric, judged.count])).toEqual([
      ['delivery.last_receiver', 2],
      ['delivery.receiver_mean', 3],
      ['delivery.latency', 1],
    ])
  })

  it('has none in a run without sockets', () => {
    const record = fold(new RunBuilder().interval().end().events)
    expect(record).toMatchObject({ connections: [], messages: [], deliveries: [] })
    expect(record.timeline[0]).toMatchObject({ connections: [], deliveries: [] })
  })
})
