import type { RunRecord } from '../../record/run-record.ts'
import type { ValidityFlag } from '../verdict.ts'
import { number } from './text.ts'

/**
 * Nothing appears or vanishes: scheduled = started + dropped; started = completed + failed + aborted + in flight; the
 * timeline and its series add up to the totals; endpoints add up to the whole. A violation is a defect of Plimsoll.
 * Workers that were lost took their last counts with them, so after that only sums of what arrived are held.
 */
export function checkConservation(record: RunRecord): ValidityFlag | undefined {
  const violations = [
    ...(isComplete(record) ? shapesHold(record) : []),
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
