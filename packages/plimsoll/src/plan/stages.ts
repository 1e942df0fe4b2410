import { type Millis, millis } from '../base/units.ts'
import type { CompiledShape, Stage } from './compiled.ts'

/** How long the stages last together. */
export function stagesDuration(stages: readonly Stage[]): Millis {
  return millis(stages.reduce((sum, stage) => sum + stage.duration, 0))
}

/** Users (or arrivals per second) that the stages ask for at `t` since their start; 0 before and after them. */
export function stageTargetAt(stages: readonly Stage[], t: Millis): number {
  if (t < 0) return 0
  let begin = 0
  for (const stage of stages) {
    const inside = t - begin
    if (inside < stage.duration) return stage.from + ((stage.to - stage.from) * inside) / stage.duration
    begin += stage.duration
  }
  return 0
}

/** The highest target that the stages reach. */
export function peakOf(stages: readonly Stage[]): number {
  return stages.reduce((peak, stage) => Math.max(peak, stage.from, stage.to), 0)
}

/** When a shape's last stage ends, or its iterations are cut off, since the run's start; graceful stop not counted. */
export function shapeEnd(shape: CompiledShape): Millis {
  const length = shape.model === 'iterations' ? shape.maxDuration : stagesDuration(shape.stages)
  return millis(shape.startAfter + length)
}

/** The longest that a profile may last, graceful stop not counted. */
export function totalDuration(profile: { readonly shapes: readonly CompiledShape[] }): Millis {
  return millis(profile.shapes.reduce((end, shape) => Math.max(end, shapeEnd(shape)), 0))
}

/** The most users that may be there at one time, all shapes together. */
export function mostUsers(profile: { readonly shapes: readonly CompiledShape[] }): number {
  return profile.shapes.reduce((sum, shape) => {
    if (shape.model === 'iterations') return sum + shape.users
    return sum + (shape.model === 'open' ? shape.maxUsers : peakOf(shape.stages))
  }, 0)
}
