import type { Millis } from '../base/units.ts'
import type { Phase } from './events.ts'
import type { RunRecord, TimelinePoint } from './run-record.ts'
import { isOfWholeRun } from './told-late.ts'

/** Whether thresholds look at all that ended in this phase; of the drain after it, they look at what began before. */
export const isJudgedPhase = (phase: Phase, window: RunRecord['judged']['window']): boolean =>
  phase === 'steady' || (phase === 'ramp' && window === 'after warm-up')

/** How long the judged part of a metric lasted: of what is judged wherever it was, the whole run. */
export const judgedDuration = ({ duration, judged }: RunRecord, metric: string): Millis =>
  isOfWholeRun(metric) ? duration : judged.duration

/** The timeline's judged points, each with its index; of a metric that is judged wherever it was, all. */
export function judgedPoints({ timeline, judged }: RunRecord, metric = ''): { index: number; point: TimelinePoint }[] {
  const points: { index: number; point: TimelinePoint }[] = []
  timeline.forEach((point, index) => {
    if (isOfWholeRun(metric) || isJudgedPhase(point.phase, judged.window)) points.push({ index, point })
  })
  return points
}
