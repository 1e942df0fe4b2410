import { ratio } from '../../base/units.ts'
import type { DeliveryCounts } from '../../measure/deliveries/types.ts'
import { troubleOf } from '../delivery-rows.ts'
import { formatCount, formatFigure, formatMillis, formatNumber, formatPercent, NO_DATA } from '../format.ts'
import type { ReportModel } from '../model.ts'
import { code, line, table } from './syntax.ts'

const MOST_ROOMS = 5

const fates = ['published', 'expected', 'received', 'late', 'lost', 'doubled', 'out of order', 'foreign'] as const
const times = ['p50', 'p95', 'p99', 'max'] as const

const fateCells = (one: Omit<DeliveryCounts, 'event' | 'room'>): string[] =>
  [one.published, one.expected, one.received, one.late, one.lost, one.duplicated, one.outOfOrder, one.foreign].map(
    formatCount,
  )

/** By event, the rooms that had trouble below it; then by receivers. */
export function deliveries({ deliveries }: ReportModel): string[] {
  if (deliveries.length === 0) return []
  const rows = deliveries.flatMap(({ latency, rooms, ...row }) => {
    const { p50, p95, p99 } = latency?.quantiles ?? {}
    const max = latency?.max === undefined ? NO_DATA : formatMillis(latency.max)
    return [
      [code(row.event), ...fateCells(row), formatFigure(p50), formatFigure(p95), formatFigure(p99), max],
      ...rooms
        .filter((room) => troubleOf(room) > 0)
        .slice(0, MOST_ROOMS)
        .map((room) => [`… in ${line(room.room)}`, ...fateCells(room), ...times.map(() => '')]),
    ]
  })
  const byReceiver = deliveries.flatMap(({ event, receiverMean, lastReceiver, fanOut }) => {
    const median = receiverMean?.quantiles.p50
    const parts = [
      ...(fanOut === undefined ? [] : [`${formatNumber(fanOut)} deliveries for each message`]),
      ...(median === undefined ? [] : [`median receiver ${formatFigure(median)}`]),
      ...(receiverMean?.max === undefined ? [] : [`worst receiver ${formatMillis(receiverMean.max)}`]),
      ...(lastReceiver === undefined ? [] : [`last receiver p95 ${formatFigure(lastReceiver.quantiles.p95)}`]),
    ]
    return parts.length === 0 ? [] : [`- ${code(event)}: ${parts.join(', ')}`]
  })
  return [
    '### Deliveries',
    table(['event', ...fates, ...times], rows, [...fates, ...times]),
    ...(byReceiver.length === 0 ? [] : [byReceiver.join('\n')]),
  ]
}

const columns = ['opened', 'failed', 'cut', 'lost', 'back', 'never back', 'recovered']

export function connections({ connections: { protocols, returns } }: ReportModel): string[] {
  if (protocols.length === 0) return []
  const rows = protocols.map((one) => {
    const asked = one.recovered + one.notRecovered
    const counts = [one.opened, one.failed, one.cut, one.lost, one.reconnected, one.neverBack].map(formatCount)
    return [one.protocol, ...counts, asked === 0 ? '' : formatPercent(ratio(one.recovered / asked))]
  })
  const { p50, p95 } = returns?.quantiles ?? {}
  return [
    '### Connections',
    table(['protocol', ...columns], rows, columns),
    ...(returns === undefined ? [] : [`50 % were back after ${formatFigure(p50)}, 95 % after ${formatFigure(p95)}.`]),
  ]
}
