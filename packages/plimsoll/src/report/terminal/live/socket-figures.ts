import { type Millis, micros, millis, type PerSecond, rateOf, toMillis } from '../../../base/units.ts'
import { Histogram } from '../../../measure/histogram.ts'
import type { RunRecord } from '../../../record/run-record.ts'
import { formatCount, formatMillis, formatNumber } from '../../format.ts'
import type { TerminalStyle } from '../style.ts'
import { WINDOW } from './figures.ts'

/** What is to be told of connections and deliveries while a run goes on. */
interface SocketFigures {
  readonly open: number
  readonly away: number
  /** Of the last seconds; undefined where no deliveries are accounted for. */
  readonly delivered: { readonly rate: PerSecond; readonly p95: Millis | undefined } | undefined
  /** Of the run so far. */
  readonly lost: number
  readonly duplicated: number
  readonly foreign: number
}

/** Undefined in runs without sockets. */
function socketFigures({ timeline, series, connections, deliveries }: RunRecord): SocketFigures | undefined {
  if (connections.length + deliveries.length === 0) return undefined
  const sum = <T>(items: readonly T[], of: (item: T) => number): number => items.reduce((all, one) => all + of(one), 0)
  const last = timeline.at(-1)
  const first = timeline.findIndex(({ to }) => last !== undefined && to > last.to - WINDOW)
  const recent = first < 0 ? [] : timeline.slice(first)
  const received = sum(
    recent.flatMap((point) => point.deliveries),
    (one) => one.received,
  )
  const latencies = new Histogram()
  const latency = series.find(({ metric, scope }) => metric === 'delivery.latency' && scope === 'all')
  for (const point of latency?.points.slice(first) ?? []) if (point !== undefined) latencies.add(point.histogram)
  const p95 = latencies.quantile(0.95)
  return {
    open: sum(connections, (one) => one.open),
    away: sum(connections, (one) => one.away),
    delivered:
      deliveries.length === 0
        ? undefined
        : {
            rate: rateOf(received, millis(sum(recent, ({ from, to }) => to - from))),
            p95: p95 === undefined ? undefined : toMillis(micros(p95)),
          },
    lost: sum(deliveries, (one) => one.lost),
    duplicated: sum(deliveries, (one) => one.duplicated),
    foreign: sum(deliveries, (one) => one.foreign),
  }
}

/** Nothing in runs without sockets. */
export function socketParts(record: RunRecord, { colors }: TerminalStyle): string[] {
  const figures = socketFigures(record)
  if (figures === undefined) return []
  const { bold, yellow, red } = colors
  const { open, away, delivered, lost, duplicated, foreign } = figures
  const bad = (count: number, what: string): string[] => (count === 0 ? [] : [`${what} ${red(formatCount(count))}`])
  return [
    `${bold(formatCount(open))} connections`,
    ...(away === 0 ? [] : [`away ${yellow(formatCount(away))}`]),
    ...(delivered === undefined
      ? []
      : [
          `${bold(formatNumber(delivered.rate))} delivered/s`,
          `p95 ${bold(delivered.p95 === undefined ? '–' : formatMillis(delivered.p95))}`,
        ]),
    ...bad(lost, 'lost'),
    ...bad(duplicated, 'doubled'),
    ...bad(foreign, 'foreign'),
  ]
}
