import { type Millis, millis } from '../../base/units.ts'
import type { UsersShape } from '../../plan/compiled.ts'
import { stagesDuration, stageTargetAt } from '../../plan/stages.ts'
import { shareOf } from '../share.ts'
import type { Lane } from '../vu/lane.ts'
import type { Crew } from './crew.ts'
import type { Executor } from './executor.ts'

/** A closed model's iterations are due when the one before is over. */
const NOT_DUE = millis(0)
const NOW_UNKNOWN = millis(0)

/** How often the number of users is brought to what the stages ask for. */
const STEP = millis(50)

/** Closed model: a number of users over time, each doing one iteration after the other. */
export function createUsersExecutor(shape: UsersShape, crew: Crew): Executor {
  const { clock, timeline, settings } = crew.context
  /** In the order of hiring: the last ones leave first. */
  const lanes: Lane[] = []
  const retired = new Set<Lane>()
  const duration = stagesDuration(shape.stages)
  let startsAt = millis(0)

  const shareAt = (now: Millis) =>
    shareOf(Math.round(stageTargetAt(shape.stages, millis(now - startsAt))), settings.worker, settings.workers)

  function live(lane: Lane, now: Millis): void {
    if (crew.stopped || lane.exhausted || retired.delete(lane)) {
      crew.dismiss(lane)
      if (lane.exhausted && crew.size === 0) crew.windDown(clock.now())
      return
    }
    crew.run(lane, NOT_DUE, now)
  }

  crew.onEnd = (lane) => {
    const rest = crew.stopped || retired.has(lane) ? undefined : lane.rest()
    if (rest === undefined) live(lane, lane.endedAt)
    else void rest.then(() => live(lane, NOW_UNKNOWN))
  }

  function adjust(): void {
    if (crew.stopped) return
    const now = clock.now()
    if (now - startsAt >= duration) {
      crew.windDown(millis(startsAt + duration + shape.gracefulStop))
      return
    }
    const wanted = shareAt(now)
    while (lanes.length < wanted) {
      const lane = crew.hire()
      lanes.push(lane)
      live(lane, now)
    }
    while (lanes.length > wanted) {
      const lane = lanes.pop()
      if (lane !== undefined) retired.add(lane)
    }
    timeline.at(millis(Math.min(now + STEP, startsAt + duration)), adjust)
  }

  return {
    done: crew.done,
    start(at) {
      startsAt = crew.startOf(at)
      timeline.at(startsAt, adjust)
    },
    stop: (deadline) => crew.windDown(deadline),
    tend: (now) => crew.tend(now),
    sample: () => crew.sample(crew.stopped || clock.now() < startsAt ? 0 : shareAt(clock.now())),
  }
}
