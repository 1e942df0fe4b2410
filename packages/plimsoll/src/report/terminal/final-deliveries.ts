import { type Millis, millis, ratio } from '../../base/units.ts'
import type { DeliveryCounts } from '../../measure/deliveries/types.ts'
import { type DeliveryRow, troubleOf } from '../delivery-rows.ts'
import {
  formatCount,
  formatDuration,
  formatFigure,
  formatMillis,
  formatNumber,
  formatPercent,
  plural,
} from '../format.ts'
import type { Figure } from '../latency-row.ts'
import type { ReportModel } from '../model.ts'
import { figureText } from './final-latency.ts'
import type { Page } from './page.ts'
import { type Cell, type Column, renderTable } from './table.ts'
import { printable } from './text.ts'

const MOST_ROOMS = 5

const columns: Column[] = [
  { title: '', shrinkTo: 12 },
  { title: 'expected', align: 'right', drop: 4 },
  { title: 'received', align: 'right', drop: 7 },
  { title: 'late', align: 'right', drop: 5 },
  { title: 'lost', align: 'right' },
  { title: 'doubled', align: 'right', drop: 1 },
  { title: 'disorder', align: 'right', drop: 3 },
  { title: 'p50', align: 'right', drop: 6 },
  { title: 'p95', align: 'right' },
  { title: 'p99', align: 'right', drop: 2 },
  { title: 'max', align: 'right', drop: 8 },
]

/** What became of each kind of message, the rooms that had trouble below it; then by receivers, and the fan-out. */
export function deliveryLines({ deliveries }: ReportModel, page: Page): string[] {
  if (deliveries.length === 0) return []
  const { dim } = page.style.colors
  const rows = deliveries.flatMap((row) => {
    const troubled = row.rooms.filter((room) => troubleOf(room) > 0)
    return [eventCells(row, page), ...troubled.slice(0, MOST_ROOMS).map((room) => roomCells(room, page))]
  })
  return [
    ...renderTable(columns, rows, page.width, dim),
    ...deliveries.flatMap((row) =>
      page.figures(asides(row), { first: deliveries.length > 1 ? lead(row) : '', paint: dim }),
    ),
  ]
}

const lead = ({ event }: DeliveryRow): string => `${printable(event).slice(0, 20)}  `

function eventCells(row: DeliveryRow, page: Page): Cell[] {
  const { p50, p95, p99 } = row.latency?.quantiles ?? {}
  return [
    { text: printable(row.event), paint: page.style.colors.bold },
    ...fates(row, page),
    ...[p50, p95, p99].map((figure): Cell => ({ text: figureText(figure) })),
    { text: row.latency?.max === undefined ? '–' : formatNumber(row.latency.max) },
  ]
}

const roomCells = (room: DeliveryCounts, page: Page): Cell[] => [
  { text: `  ${printable(room.room)}`, paint: page.style.colors.dim },
  ...fates(room, page),
]

function fates(one: Omit<DeliveryCounts, 'room'>, { style }: Page): Cell[] {
  const { dim, red, yellow } = style.colors
  const bad = (count: number, paint = red): Cell => ({ text: formatCount(count), paint: count === 0 ? dim : paint })
  return [
    { text: formatCount(one.expected) },
    { text: formatCount(one.received) },
    bad(one.late, yellow),
    bad(one.lost),
    bad(one.duplicated),
    bad(one.outOfOrder),
  ]
}

/** What has no column of its own, as far as there is any. */
function asides(row: DeliveryRow): string[] {
  const time = (what: string, value: Millis | undefined): string[] =>
    value === undefined ? [] : [`${what} ${formatMillis(value)}`]
  const percentile = (what: string, figure: Figure | undefined): string[] =>
    figure === undefined ? [] : [`${what} ${formatFigure(figure)}`]
  const count = (what: string, value: number): string[] => (value === 0 ? [] : [`${formatCount(value)} ${what}`])
  const troubled = row.rooms.filter((room) => troubleOf(room) > 0).length
  return [
    `${plural(row.published, 'message')} in, ${formatCount(row.received)} out${row.fanOut === undefined ? '' : `, ${formatNumber(row.fanOut)} each`}`,
    ...percentile('median receiver', row.receiverMean?.quantiles.p50),
    ...time('worst receiver', row.receiverMean?.max),
    ...percentile('last receiver p95', row.lastReceiver?.quantiles.p95),
    ...percentile('late p95', row.lateLatency?.quantiles.p95),
    ...count('foreign', row.foreign),
    ...count(`uncertain within ${formatDuration(row.grace)} of joining or leaving`, row.uncertain),
    ...count('unexpected', row.unexpected),
    ...count('settled early', row.settledEarly),
    ...(troubled > MOST_ROOMS ? [`${troubled - MOST_ROOMS} more rooms with trouble in the report`] : []),
  ]
}

/** One line for each protocol, and how long it took to come back. */
export function connectionLines({ connections }: ReportModel, page: Page): string[] {
  const { protocols, returns } = connections
  const width = Math.max('returns'.length, ...protocols.map(({ protocol }) => protocol.length)) + 2
  const lines = protocols.flatMap((one) => {
    const some = (count: number, what: string): string[] => (count === 0 ? [] : [`${formatCount(count)} ${what}`])
    const asked = one.recovered + one.notRecovered
    return page.figures(
      [
        `${formatCount(one.opened)} opened`,
        ...some(one.failed, 'failed'),
        ...some(one.open, 'still open'),
        ...some(one.away, 'away'),
        ...some(one.cut, 'cut'),
        ...some(one.lost, 'lost'),
        ...some(one.reconnected, 'back'),
        ...some(one.neverBack, 'never back'),
        ...(asked === 0 ? [] : [`${formatPercent(ratio(one.recovered / asked))} recovered`]),
      ],
      { first: one.protocol.padEnd(width) },
    )
  })
  if (returns === undefined) return lines
  const { p50, p95 } = returns.quantiles
  const within = (share: string, figure: typeof p50): string[] =>
    figure === undefined ? [] : [`${share} after ${formatFigure(figure)}`]
  const slowest = returns.max === undefined ? [] : [`slowest ${formatMillis(millis(returns.max))}`]
  return [
    ...lines,
    ...page.figures([...within('50 %', p50), ...within('95 %', p95), ...slowest], { first: 'returns'.padEnd(width) }),
  ]
}
