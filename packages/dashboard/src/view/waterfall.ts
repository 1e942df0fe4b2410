import type { Exemplar } from '../../../plimsoll/src/record/events.ts'

export const phaseNames = ['blocked', 'connect', 'tls', 'send', 'wait', 'receive'] as const
export type PhaseName = (typeof phaseNames)[number]

export interface Segment {
  readonly phase: PhaseName
  /** Milliseconds since the exchange's scheduled start. */
  readonly from: number
  readonly ms: number
}

/** The phases of an exchange one after the other; those that did not happen are left out. */
export function waterfall(exemplar: Exemplar): Segment[] {
  const segments: Segment[] = []
  let from = 0
  for (const phase of phaseNames) {
    const ms = exemplar.phases[phase]
    if (ms > 0) segments.push({ phase, from, ms })
    from += ms
  }
  return segments
}

/** What can be said of where the time went: the longest phase, when it is most of the whole. */
export function mainPhase(exemplar: Exemplar): PhaseName | undefined {
  const longest = waterfall(exemplar).toSorted((a, b) => b.ms - a.ms)[0]
  return longest !== undefined && longest.ms >= exemplar.total / 2 ? longest.phase : undefined
}
