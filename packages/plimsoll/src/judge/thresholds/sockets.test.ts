import { describe, expect, it } from 'vitest'
import type { ThresholdSpec, ThresholdUnit } from '../../plan/compiled.ts'
import { fold } from '../../record/fold.ts'
import { RunBuilder, type SeriesInput, threshold } from '../../record/testing.ts'
import { judgeThresholds } from './judge-thresholds.ts'

function judge(run: RunBuilder, spec: Partial<ThresholdSpec>) {
  const [result] = judgeThresholds(fold(run.end().events), [threshold(spec)])
  return result
}

const fate = (series: string, unit: ThresholdUnit, value = 0, event = 'message'): Partial<ThresholdSpec> => ({
  scope: { kind: 'delivery', name: event },
  series,
  statistic: { kind: 'value' },
  comparison: unit === 'ratio' ? '<' : '=',
  unit,
  value,
})

describe('what became of deliveries', () => {
  const run = () =>
    new RunBuilder()
      .interval({ phase: 'ramp', deliveries: [{ published: 5, expected: 100, received: 90, lost: 10 }] })
      .interval({
        deliveries: [
          { published: 5, expected: 100, received: 100, duplicated: 2, outOfOrder: 1 },
          { room: 'b', published: 10, expected: 200, received: 180, lost: 20, foreign: 3 },
          { room: 'c', published: 1, expected: 100, received: 100, late: 7 },
        ],
      })

  it.each([
    ['lost', 'count', 30, 'missed', 'most in b (20), room-1 (10)'],
    ['lost', 'ratio', 0.06, 'missed', 'most in b (20), room-1 (10)'],
    ['duplicated', 'ratio', 2 / 470, 'missed', 'most in room-1 (2)'],
    ['out of order', 'count', 1, 'missed', 'most in room-1 (1)'],
    ['foreign', 'count', 3, 'missed', 'most in b (3)'],
    ['late', 'count', 7, 'missed', 'most in c (7)'],
    ['unexpected', 'count', 0, 'met', undefined],
    ['expected', 'count', 500, 'missed', undefined],
    ['published', 'count', 21, 'missed', undefined],
  ] as const)('counts the whole run: %s as a %s', (series, unit, actual, verdict, note) => {
    expect(judge(run(), fate(series, unit))).toMatchObject({ actual, verdict, note })
  })

  it('names at most three rooms', () => {
    const deliveries = [5, 4, 3, 2, 1].map((lost) => ({
      room: `r${lost}`,
      published: 1,
      expected: 9,
      received: 9 - lost,
      lost,
    }))
    expect(judge(new RunBuilder().interval({ deliveries }), fate('lost', 'count'))?.note).toBe(
      'most in r5 (5), r4 (4), r3 (3) and 2 more',
    )
  })

  it.each([
    ['nobody ever published it', [{ room: 'a' }], '"message" was never published'],
    [
      'nobody was there to get it',
      [{ published: 12 }],
      '"message" was published 12 times, and nobody was there to get it',
    ],
    ['it has another name', [{ event: 'massage', expected: 1, received: 1 }], 'did you mean "massage"?'],
    ['nothing is accounted for', [], 'no deliveries of "message" were accounted for; none was seen'],
  ])('has no data when %s', (_, deliveries, note) => {
    const result = judge(new RunBuilder().interval({ deliveries }), fate('lost', 'count'))
    expect(result).toMatchObject({ verdict: 'no data', actual: undefined })
    expect(result?.note).toContain(note)
  })

  it('tells of a leak even where nobody was to get anything', () => {
    const leak = new RunBuilder().interval({ deliveries: [{ published: 1, foreign: 2 }] })
    expect(judge(leak, fate('foreign', 'count'))).toMatchObject({ verdict: 'missed', actual: 2 })
  })
})

describe('times over sockets', () => {
  const named = (metric: string, name: string, values: number[], failed = 0): SeriesInput[] => [
    { metric, values, failed },
    { metric, scope: 'endpoint', name, values, failed },
  ]
  const run = () =>
    new RunBuilder().interval({
      series: [
        ...named('delivery.latency', 'message', [10, 20, 30]),
        ...named('delivery.late_latency', 'message', [900]),
        ...named('ws.connect_time', '/ws', [5, 7], 1),
        ...named('socketio.ack_time', 'message:send', [40]),
      ],
      deliveries: [{ event: 'typing', published: 1, expected: 5, lost: 5 }],
      messages: [{ name: 'message', count: 30, bytes: 3000 }],
    })
  const max = { kind: 'max' } as const

  it.each<[string, Partial<ThresholdSpec>, number]>([
    ['a delivery', { scope: { kind: 'delivery', name: 'message' }, series: 'delivery.latency', statistic: max }, 30],
    [
      'what came late',
      { scope: { kind: 'delivery', name: 'message' }, series: 'delivery.late_latency', statistic: max },
      900,
    ],
    [
      'received per second',
      {
        scope: { kind: 'delivery', name: 'message' },
        series: 'delivery.latency',
        statistic: { kind: 'rate' },
        unit: '1/s',
      },
      3,
    ],
    [
      'all connects',
      { scope: { kind: 'timing', metric: 'ws.connect_time', name: '' }, series: 'ws.connect_time', statistic: max },
      7,
    ],
    [
      'failed connects',
      {
        scope: { kind: 'timing', metric: 'ws.connect_time', name: '/ws' },
        series: 'ws.connect_time',
        statistic: { kind: 'share' },
        unit: 'ratio',
      },
      0.5,
    ],
    [
      'messages per second',
      {
        scope: { kind: 'message', direction: 'in', name: 'message' },
        series: '',
        statistic: { kind: 'rate' },
        unit: '1/s',
      },
      30,
    ],
    [
      'their bytes',
      {
        scope: { kind: 'message', direction: 'in', name: 'message' },
        series: 'bytes',
        statistic: { kind: 'value' },
        unit: 'B',
      },
      3000,
    ],
  ])('reads %s', (_, spec, expected) => {
    expect(judge(run(), spec)?.actual).toBeCloseTo(expected, 0)
  })

  it.each<[string, Partial<ThresholdSpec>, string]>([
    [
      'an event that was never acknowledged',
      { scope: { kind: 'timing', metric: 'socketio.ack_time', name: 'message:sent' }, series: 'socketio.ack_time' },
      'no event that was acknowledged was named "message:sent"; did you mean "message:send"? seen: message:send',
    ],
    [
      'a delivery that never came',
      { scope: { kind: 'delivery', name: 'typing' }, series: 'delivery.latency' },
      'none of its 5 deliveries came',
    ],
    [
      'a message that nobody sent',
      {
        scope: { kind: 'message', direction: 'out', name: 'x' },
        series: '',
        statistic: { kind: 'count' },
        unit: 'count',
      },
      'no message to the system was "x"; none was seen',
    ],
    ['no reconnect', { scope: { kind: 'reconnect' }, series: 'reconnect.time' }, 'no connection was lost'],
  ])('has no data for %s', (_, spec, note) => {
    const result = judge(run(), spec)
    expect(result?.verdict).toBe('no data')
    expect(result?.note).toContain(note)
  })
})

describe('coming back', () => {
  const run = () =>
    new RunBuilder().interval({ connections: [{ opened: 100, open: 90, cut: 10, away: 10 }] }).interval({
      series: [
        { metric: 'reconnect.time', values: [1000, 1100, 1200, 1300, 1400, 1500, 1600, 1700, 3000], censored: 1 },
      ],
      connections: [{ open: 98, reconnected: 8, recovered: 6, notRecovered: 2, neverBack: 2 }],
    })
  const value = { kind: 'value' } as const
  const reconnect = { scope: { kind: 'reconnect' }, statistic: value } as const

  it.each<[string, Partial<ThresholdSpec>, number]>([
    ['never back', { ...reconnect, series: 'never', unit: 'count' }, 2],
    ['the share never back', { ...reconnect, series: 'never', unit: 'ratio' }, 0.2],
    ['the share recovered', { ...reconnect, series: 'recovered', unit: 'ratio' }, 0.75],
  ])('reads %s', (_, spec, actual) => {
    expect(judge(run(), spec)?.actual).toBe(actual)
  })

  it('is "at least" where the quantile falls among those who never came back', () => {
    const spec = { ...reconnect, series: 'reconnect.time', value: 5000 }
    expect(judge(run(), { ...spec, statistic: { kind: 'quantile', q: 0.5 } })).toMatchObject({
      verdict: 'met',
      atLeast: false,
    })
    expect(judge(run(), { ...spec, statistic: { kind: 'quantile', q: 0.95 } })).toMatchObject({
      verdict: 'missed',
      atLeast: true,
      note: 'some never came back, so it cannot be shown to hold',
    })
  })
})
