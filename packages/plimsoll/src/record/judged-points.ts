import type { Phase } from './events.ts'
import type { RunRecord, TimelinePoint } from './run-record.ts'

/** Whether thresholds look at all that ended in this phase; of the drain after it, they look at what began before. */
export const isJudgedPhase = (phase: Phase, window: RunRecord['judged']['window']): boolean =>
  phase === 'steady' || (phase === 'ramp' && window === 'after warm-up')

/** The timeline's judged points, each with its index. */
export function judgedPoints({ timeline, judged }: RunRecord): { index: number; point: TimelinePoint }[] {
  const points: { index: number; point: TimelinePoint }[] = []
  timeline.forEach((point, index) => {
    if (isJudgedPhase(point.phase, judged.window)) points.push({ index, point })
  })
  return points
}
