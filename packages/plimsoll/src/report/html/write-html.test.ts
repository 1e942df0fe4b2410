import { inflateRawSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { judge } from '../../judge/judge.ts'
import type { RunEvent } from '../../record/events.ts'
import { fold } from '../../record/fold.ts'
import { mergeDeliveries, mergeRooms } from '../../record/merge-sockets.ts'
import { RunBuilder } from '../../record/testing.ts'
import { archiveOriginRun } from '../testing.ts'
import { condense } from './condense.ts'
import { writeHtml } from './write-html.ts'

const template = '<!doctype html><div id="app"></div><!--plimsoll-data--><script>app()</script>'

const payloadOf = (html: string) => {
  const data = /<script type="application\/octet-stream" id="plimsoll-data">([A-Za-z0-9+/=]*)<\/script>/.exec(html)?.[1]
  return JSON.parse(inflateRawSync(Buffer.from(data ?? '', 'base64')).toString())
}

/** Figures that must survive condensing. */
const summary = (events: Iterable<RunEvent>) => {
  const { totals, judgedTotals, judged, duration, checks, errors, exemplars, faults, series } = fold(events)
  const distributions = series.map(({ metric, name, judged: one }) => ({
    metric,
    name,
    entries: [...one.histogram.entries()],
  }))
  const examples = exemplars.map((one) => ({ ...one, seq: 0 }))
  return { totals, judgedTotals, judged, duration, checks, errors, examples, faults, distributions }
}

describe('writeHtml', () => {
  it('embeds events and verdict so that the page gives them back', () => {
    const { events } = archiveOriginRun({ trouble: 1 })
    const verdict = judge(fold(events))
    const html = writeHtml(template, events, verdict)
    expect(html.startsWith('<!doctype html><div id="app"></div><script type=')).toBe(true)
    expect(html.endsWith('<script>app()</script>')).toBe(true)
    const payload = payloadOf(html)
    expect(payload.verdict).toEqual(JSON.parse(JSON.stringify(verdict)))
    expect(summary(payload.events)).toEqual(JSON.parse(JSON.stringify(summary(events))))
  })

  it('cannot be ended early, nor be changed by patterns of replacement', () => {
    const { events } = new RunBuilder({ source: "</script><script>alert(1)</script> $& $' <!--plimsoll-data-->" }).end()
    const html = writeHtml(template, events, judge(fold(events)))
    expect(html.match(/<script/g)).toHaveLength(2)
    expect(payloadOf(html).events[0].plan.source).toContain('alert(1)')
  })

  it('wants a place for the data', () => {
    const { events } = new RunBuilder().end()
    expect(() => writeHtml('<html>', events, judge(fold(events)))).toThrow('has no <!--plimsoll-data-->')
  })
})

describe('condense', () => {
  const long = (): RunBuilder => {
    const builder = new RunBuilder()
    for (let i = 0; i < 1500; i++) {
      builder
        .interval({
          phase: i < 100 ? 'ramp' : 'steady',
          series: [{ values: [i % 50, 7] }],
          shapes: [{ users: i, started: 2, completed: 2 }],
        })
        .probe('process', { cpu: i % 2 })
        .probe('process', { cpu: 1 - (i % 2), memory: 5 })
        .probe('process', { cpu: 0.5 })
    }
    return builder.end()
  }

  it('keeps short runs as they are, by the second', () => {
    const { events } = archiveOriginRun({ trouble: 1 })
    const { events: condensed } = condense(events, 600)
    expect(condensed).toHaveLength(events.length)
    expect(condensed.map(({ seq }) => seq)).toEqual(condensed.map((_, index) => index))
    expect(condensed.filter(({ type }) => type === 'interval').map(({ seq, ...rest }) => rest)).toEqual(
      events.filter(({ type }) => type === 'interval').map(({ seq, ...rest }) => rest),
    )
  })

  it('keeps the figures of long runs, in few, even, adjacent intervals', () => {
    const { events } = long()
    const { events: condensed } = condense(events, 100)
    const intervals = condensed.filter((event) => event.type === 'interval')
    expect(intervals.length).toBeGreaterThan(50)
    expect(intervals.length).toBeLessThanOrEqual(100)
    expect(intervals.map(({ index }) => index)).toEqual(intervals.map((_, index) => index))
    intervals.slice(1).forEach((interval, index) => {
      expect(interval.from).toBe(intervals[index]?.to)
    })
    expect(summary(condensed)).toEqual(summary(events))
  })

  it('averages the samples of probes beyond an hour', () => {
    const samples = condense(long().events, 600).events.filter((event) => event.type === 'probe')
    expect(samples).toHaveLength(2250)
    expect(samples[0]?.values).toEqual({ cpu: 0.5, memory: 5 })
    expect(samples.at(-1)?.at).toBe(1_500_000)
  })

  it('carries no more examples than a report shows', () => {
    const builder = archiveOriginRun({ trouble: 1, killed: true })
    const [example] = builder.events.filter((event) => event.type === 'exemplar')
    for (let i = 0; example !== undefined && i < 50; i++) builder.add({ ...example, total: i })
    const { events } = builder.end()
    expect(condense(events, 600).events.filter(({ type }) => type === 'exemplar').length).toBeLessThan(10)
    expect(summary(condense(events, 600).events)).toEqual(summary(events))
  })

  const chat = (): RunBuilder => {
    const builder = new RunBuilder()
    for (let i = 0; i < 400; i++) {
      builder.interval({
        phase: i < 50 ? 'warm-up' : 'steady',
        connections: [{ protocol: 'socketio', open: i, opened: 1 }],
        messages: [{ protocol: 'socketio', direction: 'in', name: 'message', count: i, bytes: 10 * i }],
        deliveries: Array.from({ length: 300 }, (_, room) => ({
          event: 'message',
          room: `room ${room}`,
          expected: 3,
          received: 2,
          lost: room === 7 ? 1 : 0,
        })),
      })
    }
    return builder.end()
  }

  it('tells rooms once, and what went over sockets as it was', () => {
    const { events } = chat()
    const whole = fold(events)
    const { events: condensed, deliveries } = condense(events, 100)
    const record = fold(condensed)
    expect(deliveries).toEqual(whole.deliveries)
    expect(record.deliveries).toEqual(mergeRooms(whole.deliveries))
    expect(record.messages).toEqual(whole.messages)
    expect(record.connections).toEqual(whole.connections)
    expect(mergeDeliveries(record.timeline.flatMap((point) => point.deliveries))).toEqual(record.deliveries)
  })

  it('keeps a page with many rooms small', () => {
    const { events } = chat()
    const html = writeHtml(template, events, judge(fold(events)))
    expect(html.length).toBeLessThan(100_000)
    expect(payloadOf(html).deliveries).toHaveLength(300)
  })
})
