import { millis } from '../../base/units.ts'
import type { IterationsShape } from '../../plan/compiled.ts'
import { shareOf } from '../share.ts'
import type { Lane } from '../vu/lane.ts'
import type { Crew } from './crew.ts'
import type { Executor } from './executor.ts'

/** A number of iterations: so many for each user, or so many for all users of all workers together. */
export function createIterationsExecutor(shape: IterationsShape, crew: Crew): Executor {
  const { clock, timeline, settings, load } = crew.context
  const users = shareOf(shape.users, settings.worker, settings.workers)
  const shared = load.iterations[shape.name]
  const taken = shared === undefined ? undefined : new Int32Array(shared)
  let living = users
  let startsAt = millis(0)

  /** Whether there is one more for a user that has done `done`. */
  const mayTake = (done: number): boolean =>
    taken === undefined ? done < shape.iterations : Atomics.add(taken, 0, 1) < shape.iterations

  /** How many iterations each user has done, where each has its own number to do. */
  const done = new Map<Lane, number>()

  function live(lane: Lane): void {
    if (crew.stopped || lane.exhausted || !mayTake(done.get(lane) ?? 0)) {
      done.delete(lane)
      crew.dismiss(lane, true)
      living--
      if (living === 0) crew.windDown(clock.now())
      return
    }
    crew.run(lane, millis(0), millis(0))
  }

  crew.onEnd = (lane) => {
    done.set(lane, (done.get(lane) ?? 0) + 1)
    const rest = crew.stopped ? undefined : lane.rest()
    if (rest === undefined) live(lane)
    else void rest.then(() => live(lane))
  }

  return {
    done: crew.done,
    start(at) {
      startsAt = crew.startOf(at)
      timeline.at(startsAt, () => {
        if (users === 0) crew.windDown(clock.now())
        for (let i = 0; i < users && !crew.stopped; i++) live(crew.hire())
      })
      timeline.at(millis(startsAt + shape.maxDuration), () =>
        crew.windDown(millis(startsAt + shape.maxDuration + shape.gracefulStop)),
      )
    },
    stop: (deadline) => crew.windDown(deadline),
    tend: (now) => crew.tend(now),
    sample: () => crew.sample(crew.stopped ? 0 : living),
  }
}
