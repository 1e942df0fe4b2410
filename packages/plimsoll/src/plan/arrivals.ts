import { type Millis, millis } from '../base/units.ts'
import type { Stage } from './compiled.ts'

/** Arrivals of one stage in its first `inside` milliseconds: the integral of a rate that changes linearly. */
const countWithin = ({ from, to, duration }: Stage, inside: number): number =>
  (from * inside + ((to - from) * inside * inside) / (2 * duration)) / 1000

/** How many arrivals the stages ask for before `t` since their start, as a real number: the integral of the rate. */
export function arrivalsBefore(stages: readonly Stage[], t: Millis): number {
  let count = 0
  let begin = 0
  for (const stage of stages) {
    const inside = Math.min(t - begin, stage.duration)
    if (inside <= 0) break
    count += countWithin(stage, inside)
    begin += stage.duration
  }
  return count
}

/** All arrivals of the stages, as a real number. */
export function arrivalsIn(stages: readonly Stage[]): number {
  return stages.reduce((sum, stage) => sum + countWithin(stage, stage.duration), 0)
}

/**
 * When arrival `k` is due since the stages' start: the inverse of `arrivalsBefore`, in closed form. `k` counts from 0
 * and need not be whole (a Poisson schedule asks between whole arrivals). Undefined when the stages end before it.
 */
export function instantOfArrival(stages: readonly Stage[], k: number): Millis | undefined {
  let before = 0
  let begin = 0
  for (const stage of stages) {
    const here = countWithin(stage, stage.duration)
    if (k < before + here) return millis(begin + insideStage(stage, Math.max(0, k - before) * 1000))
    before += here
    begin += stage.duration
  }
  return undefined
}

/**
 * Solves from·x + (to − from)·x²/(2·duration) = area for x. Written as 2·area / (b + √(b² + 4·a·area)), which loses no
 * digits when the slope is nearly flat and needs no case for a = 0.
 */
function insideStage({ from, to, duration }: Stage, area: number): number {
  if (area === 0) return 0
  const slope = (to - from) / (2 * duration)
  const root = Math.sqrt(Math.max(0, from * from + 4 * slope * area))
  return Math.min(duration, (2 * area) / (from + root))
}
