import { type Millis, millis } from '../base/units.ts'
import { type Duration, parseDuration } from './duration.ts'
import type { Random, ThinkDistribution, ThinkTime } from './user.ts'

/** A text that is no duration becomes NaN here and a problem with a path when the plan is compiled. */
const read = (duration: Duration): Millis => parseDuration(duration) ?? millis(Number.NaN)

/** Always the same pause. */
export const constant = (value: Duration): ThinkDistribution => ({ kind: 'constant', value: read(value) })

/** Any pause from `min` to `max`, all equally likely. */
export const uniform = (min: Duration, max: Duration): ThinkDistribution => ({
  kind: 'uniform',
  min: read(min),
  max: read(max),
})

/** Pauses around a mean; what would fall below 0 is 0. */
export const normal = (mean: Duration, deviation: Duration): ThinkDistribution => ({
  kind: 'normal',
  mean: read(mean),
  deviation: read(deviation),
})

/** Many short pauses and a few long ones: the gaps between independent events. */
export const exponential = (mean: Duration): ThinkDistribution => ({ kind: 'exponential', mean: read(mean) })

/** Reads `'1s'`, `'1s..3s'` or a distribution; undefined when it is none of them, or runs from long to short. */
export function parseThink(think: ThinkTime): ThinkDistribution | undefined {
  if (typeof think === 'object' && think !== null) return isDistribution(think) ? think : undefined
  if (typeof think === 'string' && think.includes('..')) {
    const [min, max, ...more] = think.split('..').map((text) => parseDuration(text.trim()))
    if (more.length > 0) return undefined
    return min !== undefined && max !== undefined && min <= max ? { kind: 'uniform', min, max } : undefined
  }
  const value = parseDuration(think as Duration)
  return value === undefined ? undefined : { kind: 'constant', value }
}

function isDistribution(think: ThinkDistribution): boolean {
  const good = (...values: readonly Millis[]) => values.every((value) => Number.isFinite(value) && value >= 0)
  switch (think.kind) {
    case 'constant':
      return good(think.value)
    case 'uniform':
      return good(think.min, think.max) && think.min <= think.max
    case 'normal':
      return good(think.mean, think.deviation)
    case 'exponential':
      return good(think.mean)
    default:
      return false
  }
}

/** Draws a pause. Normal by Box and Muller (1958), exponential by inversion. */
export function thinkDelay(distribution: ThinkDistribution, random: Random): Millis {
  switch (distribution.kind) {
    case 'constant':
      return distribution.value
    case 'uniform':
      return millis(distribution.min + (distribution.max - distribution.min) * random())
    case 'normal': {
      const normalDraw = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
      return millis(Math.max(0, distribution.mean + distribution.deviation * normalDraw))
    }
    case 'exponential':
      return millis(-Math.log(1 - random()) * distribution.mean)
  }
}
