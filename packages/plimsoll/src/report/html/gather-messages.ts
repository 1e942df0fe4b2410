import type { Interval } from '../../record/events.ts'
import { mergeSockets } from '../../record/merge-sockets.ts'

/** Messages of adjacent intervals of one phase, told in the last of them: no report shows them over time. */
export function gatherMessages(intervals: readonly Interval[]): Interval[] {
  let open: Interval[] = []
  return intervals.map((interval, at) => {
    open.push(interval)
    const { messages: _, ...rest } = interval
    if (intervals[at + 1]?.phase === interval.phase) return rest
    const { messages } = mergeSockets(open)
    open = []
    return messages === undefined ? rest : { ...rest, messages }
  })
}
