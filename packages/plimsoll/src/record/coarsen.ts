import type { Interval, RunEvent, RunEventBody } from './events.ts'
import { type Group, joinNeighbours } from './groups.ts'
import { mergeIntervals } from './merge-intervals.ts'

/**
 * The same run in at most `maxIntervals` intervals (more only where phases change oftener), for a report that carries
 * its data: counts, sums and buckets are exact, no interval mixes phases, and joined ones that are not judged carry what
 * of them is judged all the same, so totals and judged distributions stay what they were. Events are numbered anew; an interval stands where the last of those that it joins stood.
 */
export function coarsen(events: readonly RunEvent[], maxIntervals: number): RunEvent[] {
  const intervals = events.filter((event): event is Interval & { seq: number } => event.type === 'interval')
  const groups = groupsOf(intervals, maxIntervals)
  /** By the last interval of each group. */
  const merged = new Map<RunEvent, RunEventBody>()
  const firstSteady = intervals.findIndex(({ phase }) => phase === 'steady')
  groups.forEach(({ start, end }, index) => {
    const parts = intervals.slice(start, end)
    const last = parts.at(-1)
    const afterSteady = firstSteady >= 0 && firstSteady < start
    if (last !== undefined) merged.set(last, { ...mergeIntervals(parts, afterSteady), index })
  })
  const kept: RunEventBody[] = []
  for (const event of events) {
    if (event.type !== 'interval') kept.push(event)
    else {
      const interval = merged.get(event)
      if (interval !== undefined) kept.push(interval)
    }
  }
  return kept.map((body, seq) => ({ ...body, seq }))
}

/** Powers of two wide, as few of them as it takes. */
function groupsOf(intervals: readonly Interval[], most: number): Group[] {
  const stretches = intervals.map(({ phase }) => ({ phase, width: 1 }))
  let widest = 1
  let groups = joinNeighbours(stretches, widest)
  while (groups.length > most && widest < intervals.length) {
    widest *= 2
    groups = joinNeighbours(stretches, widest)
  }
  return groups
}
