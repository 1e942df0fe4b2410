import type { Millis } from '../base/units.ts'
import type { CompiledShape } from './compiled.ts'
import { shapeEnd } from './stages.ts'

/** The part of a run that an instant belongs to; structurally record's `Phase`. */
export type PlanPhase = 'warm-up' | 'ramp' | 'steady' | 'stopping'

/**
 * The phase at `t` since the run's start. Steady means that no shape's load is changing: each one holds, works off its
 * iterations, has ended, or has not begun. `stopping` once all have ended.
 */
export function phaseAt(shapes: readonly CompiledShape[], t: Millis, warmUp: Millis): PlanPhase {
  if (shapes.every((shape) => t >= shapeEnd(shape))) return 'stopping'
  if (t < warmUp) return 'warm-up'
  return shapes.some((shape) => isRamping(shape, t)) ? 'ramp' : 'steady'
}

function isRamping(shape: CompiledShape, t: Millis): boolean {
  if (shape.model === 'iterations') return false
  let begin: number = shape.startAfter
  for (const stage of shape.stages) {
    if (t >= begin && t < begin + stage.duration) return stage.kind === 'ramp'
    begin += stage.duration
  }
  return false
}

/** Whether any part of the profile is steady; one that only ramps is judged on all of it. */
export function hasHold(shapes: readonly CompiledShape[]): boolean {
  return shapes.some((shape) => shape.model === 'iterations' || shape.stages.some((stage) => stage.kind === 'hold'))
}
