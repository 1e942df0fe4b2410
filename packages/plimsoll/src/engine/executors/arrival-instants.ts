import type { Millis } from '../../base/units.ts'
import { arrivalsIn, instantOfArrival } from '../../plan/arrivals.ts'
import type { ArrivalsShape } from '../../plan/compiled.ts'
import { createRandom } from '../../plan/random.ts'
import { stagesDuration } from '../../plan/stages.ts'
import { globalIndex, shareOf } from '../share.ts'

/** One worker's arrivals, as offsets from the shape's start, in order. */
export interface ArrivalInstants {
  /** The next offset; undefined when there are no more. */
  next(): Millis | undefined
  /** How many `next` has yet to give. */
  left(): number
  /** How many of those are due before an offset; they are taken out. */
  dueBefore(offset: Millis): number
}

/**
 * The planned number of arrivals, exactly, at instants that depend on the seed alone.
 *
 * Even: the k-th of all workers' arrivals at the instant when the stages' integral reaches k; workers take turns.
 *
 * Poisson: a Poisson process that is known to have had N arrivals has them where N independent uniform draws lie, so
 * each worker draws its share as uniform order statistics, one after the other
 * (u ← u + (1−u)·(1 − V^(1/remaining)), V uniform), and maps them through the inverse of the stages' integral.
 * Workers' draws together are again such a process.
 */
export function createArrivalInstants(
  shape: ArrivalsShape,
  seed: number,
  worker: number,
  workers: number,
): ArrivalInstants {
  const { stages, spacing } = shape
  const whole = arrivalsIn(stages)
  const share = shareOf(Math.round(whole), worker, workers)
  const end = stagesDuration(stages)
  const random = createRandom(seed, 'arrivals', shape.name, worker)
  let given = 0
  let position = 0
  let upcoming = compute()

  function compute(): Millis | undefined {
    if (given >= share) return undefined
    if (spacing === 'even') return instantOfArrival(stages, globalIndex(given, worker, workers)) ?? end
    position += (1 - position) * (1 - (1 - random()) ** (1 / (share - given)))
    return instantOfArrival(stages, position * whole) ?? end
  }

  function next(): Millis | undefined {
    const offset = upcoming
    if (offset === undefined) return undefined
    given++
    upcoming = compute()
    return offset
  }

  return {
    next,
    left: () => share - given,
    dueBefore(offset) {
      let count = 0
      while (upcoming !== undefined && upcoming < offset) {
        next()
        count++
      }
      return count
    },
  }
}
