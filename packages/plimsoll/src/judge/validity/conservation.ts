import type { RunRecord } from '../../record/run-record.ts'
import type { ValidityFlag } from '../verdict.ts'
import { number } from './text.ts'

/**
 * Nothing appears or vanishes: scheduled = started + dropped; started = completed + failed + aborted + in flight; the
 * timeline and its series add up to the totals; endpoints add up to the whole. Of sockets: what stood, at first or again, is
 * open or was closed, cut or lost; who came back or never did, or is away, had been cut or lost or closed; and in a run that
 * came to its end, of what every room was to get, received + lost = expected. A violation is a defect of Plimsoll.
 * Workers that were lost took their last counts with them, so after that only sums of what arrived are held.
 */
export function checkConservation(record: RunRecord): ValidityFlag | undefined {
  const violations = [
    ...(isComplete(record) ? [...shapesHold(record), ...connectionsHold(record)] : []),
    ...(isSettled(record) ? deliveriesHold(record) : []),
    ...deliveriesAddUp(record),
    ...timelineHolds(record),
    ...seriesHold(record),
  ]
  const [first] = violations
  if (first === undefined) return undefined
  const more = violations.length > 1 ? `, and ${violations.length - 1} more such differences` : ''
  return {
    id: 'conservation',
    severity: 'invalid',
    reason: `the counts do not add up: ${first}${more}`,
    advice: 'This is a defect of Plimsoll. Please report it with the run folder.',
  }
}

const isComplete = ({ ended, lostWorkers }: RunRecord): boolean => ended !== undefined && lostWorkers.length === 0

function shapesHold({ shapes }: RunRecord): string[] {
  return shapes.flatMap(({ shape, scheduled, started, dropped, completed, failed, aborted, inFlight }) => [
    ...differ(`${shape}: ${number(scheduled)} scheduled`, scheduled, 'started and dropped', started + dropped),
    ...differ(
      `${shape}: ${number(started)} started`,
      started,
      'completed, failed, aborted and in flight',
      completed + failed + aborted + inFlight,
    ),
  ])
}

/** Ledgers decide on every message when the last user has left; a run that is broken off has no time for it. */
const isSettled = (record: RunRecord): boolean =>
  isComplete(record) && ['finished', 'threshold', 'broken'].includes(record.ended?.reason.kind ?? '')

function connectionsHold({ connections }: RunRecord): string[] {
  return connections.flatMap((one) => {
    const stood = one.opened + one.reconnected
    const ended = one.closed + one.cut + one.lost
    const followed = one.reconnected + one.neverBack + one.away
    return [
      ...differ(`${one.protocol}: ${number(stood)} connections stood`, stood, 'those open or ended', one.open + ended),
      ...(followed > ended
        ? [`${one.protocol}: ${number(followed)} came back, did not or are away, but only ${number(ended)} had ended`]
        : []),
    ]
  })
}

function deliveriesHold({ deliveries }: RunRecord): string[] {
  return deliveries.flatMap(({ event, room, expected, received, lost }) =>
    differ(`${event} in ${room}: ${number(expected)} expected`, expected, 'received and lost', received + lost),
  )
}

function deliveriesAddUp({ deliveries, timeline }: RunRecord): string[] {
  const sum = (rows: RunRecord['deliveries'], key: 'expected' | 'received' | 'lost'): number =>
    rows.reduce((all, one) => all + one[key], 0)
  const points = timeline.flatMap((point) => point.deliveries)
  return (['expected', 'received', 'lost'] as const).flatMap((key) => {
    const all = sum(deliveries, key)
    return differ(`${number(all)} deliveries ${key}`, all, `the timeline's`, sum(points, key))
  })
}

function timelineHolds({ timeline, totals }: RunRecord): string[] {
  return (['scheduled', 'started', 'dropped'] as const).flatMap((key) => {
    const sum = timeline.reduce((all, point) => all + point[key], 0)
    return differ(`${number(totals[key])} ${key}`, totals[key], `the timeline's`, sum)
  })
}

function seriesHold({ series }: RunRecord): string[] {
  const violations: string[] = []
  let endpoints: number | undefined
  let all = 0
  for (const { metric, scope, name, whole, points } of series) {
    const sum = points.reduce((total, point) => total + (point?.count ?? 0), 0)
    const label = `${number(whole.count)} samples of ${metric}${name === '' ? '' : ` ${name}`}`
    violations.push(...differ(label, whole.count, `the timeline's`, sum))
    if (metric !== 'http.response_time') continue
    if (scope === 'endpoint') endpoints = (endpoints ?? 0) + whole.count
    if (scope === 'all') all = whole.count
  }
  if (endpoints !== undefined) violations.push(...differ(`${number(all)} requests`, all, `the endpoints'`, endpoints))
  return violations
}

const differ = (label: string, one: number, otherLabel: string, other: number): string[] =>
  one === other ? [] : [`${label}, but ${otherLabel} are ${number(other)}`]
