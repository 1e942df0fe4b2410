import { type Millis, scale, share, subtract } from '../base/units.ts'
import type { CompiledProfile, CompiledShape, Stage } from './compiled.ts'
import { scaleThreshold } from './scale-threshold.ts'
import { totalDuration } from './stages.ts'

/**
 * The same profile with `factor` times the load for `factor` times as long; with `duration`, the load is scaled by
 * `factor` and the whole lasts `duration`, every stage in proportion.
 *
 * Users and iterations are rounded to the nearest whole number and at least 1 (0 stays 0); rates are not rounded.
 * Iterations stand for time: per user they shrink with the time, shared ones with the load as well. Start offsets,
 * warm-up, the delays of aborting thresholds and the first instants of outages follow the time; graceful stop, think
 * times, the periods of outages and stop criteria stay as they are. Limits: see scaleThreshold.
 */
export function scaleProfile(profile: CompiledProfile, factor: number, duration?: Millis): CompiledProfile {
  const time = duration === undefined ? factor : (share(duration, stagedDuration(profile)) ?? 1)
  return {
    ...profile,
    shapes: profile.shapes.map((shape) => scaleShape(shape, factor, time, duration)),
    warmUp: scale(profile.warmUp, time),
    outages: profile.outages.map((outage) => ({ ...outage, after: scale(outage.after, time) })),
    thresholds: profile.thresholds.map((threshold) => {
      const scaled = scaleThreshold(threshold, factor, time)
      return scaled.abortAfter === undefined ? scaled : { ...scaled, abortAfter: scale(scaled.abortAfter, time) }
    }),
  }
}

/** Iterations end when they are done, so their limit counts only when there is nothing else. */
function stagedDuration(profile: CompiledProfile): Millis {
  const staged = profile.shapes.filter((shape) => shape.model !== 'iterations')
  return totalDuration({ shapes: staged.length > 0 ? staged : profile.shapes })
}

function scaleShape(shape: CompiledShape, factor: number, time: number, duration: Millis | undefined): CompiledShape {
  const startAfter = scale(shape.startAfter, time)
  switch (shape.model) {
    case 'closed':
      return { ...shape, startAfter, stages: shape.stages.map((stage) => scaleStage(stage, factor, time, atLeastOne)) }
    case 'open':
      return {
        ...shape,
        startAfter,
        stages: shape.stages.map((stage) => scaleStage(stage, factor, time, (rate) => rate)),
        maxUsers: atLeastOne(shape.maxUsers * factor),
      }
    case 'iterations': {
      const shared = shape.per === 'shared' ? factor : 1
      const left = duration === undefined ? scale(shape.maxDuration, time) : subtract(duration, startAfter)
      return {
        ...shape,
        startAfter,
        users: atLeastOne(shape.users * factor),
        iterations: atLeastOne(shape.iterations * time * shared),
        maxDuration: left,
      }
    }
  }
}

function scaleStage(stage: Stage, factor: number, time: number, round: (level: number) => number): Stage {
  return {
    ...stage,
    duration: scale(stage.duration, time),
    from: round(stage.from * factor),
    to: round(stage.to * factor),
  }
}

const atLeastOne = (count: number): number => (count === 0 ? 0 : Math.max(1, Math.round(count)))
