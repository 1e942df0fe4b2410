import type { SocketProtocol } from '../../../plimsoll/src/record/events.ts'
import type { RunRecord } from '../../../plimsoll/src/record/run-record.ts'
import { type Window, windowDuration } from './latency-rows.ts'

/** One kind of message in one direction. */
export interface MessageRow {
  readonly key: string
  readonly protocol: SocketProtocol
  readonly direction: 'in' | 'out'
  readonly name: string
  readonly count: number
  readonly bytes: number
  /** Per second. */
  readonly rate: number | undefined
  readonly bytesEach: number | undefined
}

/** The most frequent first; kinds that did not occur in the window are left out. */
export function messageRows(record: RunRecord, window: Window): MessageRow[] {
  const ms = windowDuration(record, window)
  return record.messages
    .map(({ protocol, direction, name, judged, ...whole }): MessageRow => {
      const { count, bytes } = window === 'judged' ? judged : whole
      return {
        key: `${protocol}\n${direction}\n${name}`,
        protocol,
        direction,
        name,
        count,
        bytes,
        rate: ms > 0 ? (count * 1000) / ms : undefined,
        bytesEach: count > 0 ? bytes / count : undefined,
      }
    })
    .filter(({ count }) => count > 0)
    .toSorted((a, b) => b.count - a.count || a.name.localeCompare(b.name))
}
