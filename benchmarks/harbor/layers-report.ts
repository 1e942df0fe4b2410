import { ratios, type Spread, spread } from '../harness/statistics.ts'
import { table } from '../harness/table.ts'
import type { Slice } from './layers-target.ts'
import type { PartOutcome } from './part.ts'

interface Setting {
  readonly name: string
  readonly layers: readonly string[]
  /** What seed 001 says that it may add, in milliseconds of p95, to which earlier setting. */
  readonly bar?: readonly [milliseconds: number, to: number]
}

/** One layer more each time, in the order of seed 001's days: each layer's cost is what it adds. */
export const settings: readonly Setting[] = [
  { name: 'none', layers: [] },
  { name: '+ log (day 1)', layers: ['log'], bar: [5, 0] },
  { name: '+ anomaly (days 1 and 2)', layers: ['log', 'anomaly'], bar: [15, 1] },
  { name: '+ ratelimit', layers: ['log', 'anomaly', 'ratelimit'] },
  { name: '+ reputation', layers: ['log', 'anomaly', 'ratelimit', 'reputation'], bar: [10, 2] },
  {
    name: '+ alerts: all (days 1 to 3)',
    layers: ['log', 'anomaly', 'ratelimit', 'reputation', 'alerts'],
    bar: [25, 0],
  },
]

export interface Round {
  readonly steady: Slice
  readonly full: Slice
}

type Column = (round: Round) => number

/** @param results the rounds of each setting */
export function report(results: readonly (readonly Round[])[]): PartOutcome {
  const of = (index: number, column: Column) => (results[index] ?? []).map(column)
  const median = (index: number, column: Column) => spread(of(index, column)).median
  /** Of the rounds' differences: what happened to the machine in a round happened to both. */
  const added = (index: number, to: number, column: Column) => {
    const before = of(to, column)
    return spread(of(index, column).map((value, round) => value - (before[round] ?? Number.NaN)))
  }
  const adds = (index: number, column: Column) => (index === 0 ? '' : signed(added(index, index - 1, column).median, 2))
  const latencies = settings.map(({ name }, index) => [
    name,
    ...([p50, p95] as const).flatMap((column) => [median(index, column).toFixed(2), adds(index, column)]),
    median(index, p99).toFixed(2),
    median(index, rate).toFixed(0),
    (ratios(of(index, rate), of(0, rate))?.median ?? Number.NaN).toFixed(3),
  ])
  const costs = settings.map(({ name }, index) => [
    name,
    median(index, cpu).toFixed(0),
    ...(index === 0 ? ['', ''] : range(added(index, index - 1, cpu))),
    median(index, ({ full }) => full.postgres).toFixed(0),
    median(index, ({ full }) => full.redis).toFixed(0),
    median(index, ({ full }) => full.statements).toFixed(2),
    median(index, ({ full }) => full.questions).toFixed(2),
    median(index, ({ steady }) => steady.questions).toFixed(2),
    median(index, memory).toFixed(0),
  ])
  const total = (column: Column) => added(settings.length - 1, 0, column).median
  return {
    markdown: [
      'Latencies at 200 requests a second; most requests of 8 connections without a pause:',
      table(['', 'p50, ms', 'adds', 'p95, ms', 'adds', 'p99, ms', 'most requests/s', 'to none'], latencies),
      'CPU of a request at most requests, in µs; statements to Postgres and questions to Redis, each for a request:',
      table(
        ['', 'harbor', 'adds', 'in rounds', 'Postgres', 'Redis', 'statements', 'questions', 'at 200/s', 'MB'],
        costs,
      ),
      `All layers together add ${signed(total(p50), 2)} ms to p50, ${signed(total(p95), 2)} ms to p95, ${signed(total(cpu), 0)} µs of CPU and ${signed(total(memory), 0)} MB.`,
      doubted(results.flat().flatMap(({ steady, full }) => [steady, full])),
    ].join('\n\n'),
    data: Object.fromEntries(settings.map(({ name }, index) => [name, results[index]])),
    failed: settings.flatMap(({ name, bar }, index) => {
      if (bar === undefined) return []
      const more = added(index, bar[1], p95).median
      return more <= bar[0] ? [] : [`${name} adds ${more.toFixed(1)} ms to p95, and ${bar[0]} is the bar`]
    }),
  }
}

const p50: Column = ({ steady }) => steady.p50
const p95: Column = ({ steady }) => steady.p95
const p99: Column = ({ steady }) => steady.p99
const rate: Column = ({ full }) => full.rate
const cpu: Column = ({ full }) => full.harbor
const memory: Column = ({ full }) => full.memory

const signed = (value: number, digits: number) => `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(digits)}`

const range = ({ median, min, max }: Spread) => [signed(median, 0), `${signed(min, 0)} to ${signed(max, 0)}`]

function doubted(slices: readonly Slice[]): string {
  const those = slices.flatMap(({ doubts: [first] }) => (first === undefined ? [] : [first]))
  return those.length === 0
    ? ''
    : `In ${those.length} of ${slices.length} runs the generator doubts itself:\n\n${those[0]}`
}
