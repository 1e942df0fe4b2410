import type { Phase } from '../../../plimsoll/src/record/events.ts'
import type { TimelinePoint } from '../../../plimsoll/src/record/run-record.ts'

/** Adjacent points of one phase, in seconds since the run's start. */
export interface PhaseBand {
  readonly phase: Phase
  readonly from: number
  readonly to: number
}

export function phaseBands(timeline: readonly TimelinePoint[]): PhaseBand[] {
  const bands: { phase: Phase; from: number; to: number }[] = []
  for (const point of timeline) {
    const last = bands.at(-1)
    if (last?.phase === point.phase) last.to = point.to / 1000
    else bands.push({ phase: point.phase, from: point.from / 1000, to: point.to / 1000 })
  }
  return bands
}
