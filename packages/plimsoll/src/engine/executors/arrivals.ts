import { type Millis, micros, millis, subtract, toMicros } from '../../base/units.ts'
import type { ArrivalsShape } from '../../plan/compiled.ts'
import { stagesDuration, stageTargetAt } from '../../plan/stages.ts'
import { shareOf } from '../share.ts'
import type { Lane } from '../vu/lane.ts'
import type { Timeline } from '../worker/timeline.ts'
import { createArrivalInstants } from './arrival-instants.ts'
import type { Crew } from './crew.ts'
import type { Executor } from './executor.ts'

/** Arrivals that are overdue when the last stage ends may still be started for this long; then they are dropped. */
const BACKLOG_GRACE = millis(1000)

/**
 * Open model: arrivals at instants fixed in advance, whatever the answers do. An arrival takes a user that is free, or
 * a new one while the cap allows; otherwise it is dropped, and counted.
 */
export function createArrivalsExecutor(shape: ArrivalsShape, crew: Crew, timeline: Timeline): Executor {
  const { clock, settings, lateness } = crew.context
  const { worker, workers } = settings
  const most = shareOf(shape.maxUsers, worker, workers)
  const duration = stagesDuration(shape.stages)
  const instants = createArrivalInstants(shape, crew.context.load.seed, worker, workers)
  const free: Lane[] = []
  let startsAt = millis(0)
  let atWork = 0
  let cappedSince: Millis | undefined
  let cappedFor = 0

  function arrive(due: Millis): void {
    const now = clock.now()
    lateness.record(now > due ? toMicros(subtract(now, due)) : micros(0), false)
    const lane = free.pop() ?? (crew.size < most ? crew.hire() : undefined)
    if (lane === undefined) {
      crew.drop()
      return
    }
    atWork++
    if (atWork === most) cappedSince = now
    crew.run(lane, due, now)
  }

  crew.onEnd = (lane) => {
    if (atWork === most) settleCap(clock.now())
    atWork--
    if (crew.stopped || lane.exhausted) crew.dismiss(lane)
    else free.push(lane)
  }

  /** Adds up how long the shape has stood at its cap. */
  function settleCap(now: Millis): void {
    if (cappedSince !== undefined) cappedFor += now - cappedSince
    cappedSince = undefined
  }

  function scheduleNext(): void {
    if (crew.stopped) return
    const offset = instants.next()
    if (offset === undefined) {
      crew.context.timeline.at(millis(startsAt + duration), () =>
        crew.windDown(millis(startsAt + duration + shape.gracefulStop)),
      )
      return
    }
    timeline.at(millis(startsAt + offset), (due) => {
      if (crew.stopped) return
      if (clock.now() > startsAt + duration + BACKLOG_GRACE) {
        crew.drop(1 + instants.left())
        crew.windDown(millis(startsAt + duration + shape.gracefulStop))
        return
      }
      arrive(due)
      scheduleNext()
    })
  }

  return {
    done: crew.done,
    start(at) {
      startsAt = crew.startOf(at)
      scheduleNext()
    },
    stop(deadline) {
      if (!crew.stopped) crew.drop(instants.dueBefore(millis(clock.now() - startsAt)))
      crew.windDown(deadline)
    },
    tend: (now) => crew.tend(now),
    sample() {
      const t = millis(clock.now() - startsAt)
      return crew.sample(crew.stopped || t < 0 ? 0 : stageTargetAt(shape.stages, t) / workers)
    },
    takeTimeAtCap() {
      const now = clock.now()
      const stillCapped = cappedSince !== undefined
      settleCap(now)
      if (stillCapped) cappedSince = now
      const taken = millis(cappedFor)
      cappedFor = 0
      return taken
    },
  }
}
