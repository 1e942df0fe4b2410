import { type Millis, millis } from '../../base/units.ts'
import type { CompiledShape } from '../../plan/compiled.ts'
import type { ShapeInterval } from '../../record/events.ts'
import { globalIndex } from '../share.ts'
import type { VuContext } from '../vu/context.ts'
import { Lane, type LaneOwner, type Outcome } from '../vu/lane.ts'
import type { PreparedJourney } from '../vu/prepared-journey.ts'
import type { UserIdentity, VirtualUser } from '../vu/virtual-user.ts'
import { chooseByWeight } from './choose-by-weight.ts'

export type MakeUser = (identity: UserIdentity) => VirtualUser

/** The next user id of this worker: unique in the run. */
export type NextUserId = () => number

/**
 * The users of one shape in one worker, and the book that is kept of their iterations:
 * scheduled = started + dropped, started = completed + failed + aborted + in flight.
 */
export class Crew implements LaneOwner {
  readonly shape: CompiledShape
  readonly context: VuContext
  readonly done: Promise<void>
  readonly makeUser: MakeUser
  /** Set by the executor: what a user does next. */
  onEnd: (lane: Lane) => void = () => {}
  readonly #nextUserId: NextUserId
  readonly #choose: () => PreparedJourney
  readonly #lanes = new Set<Lane>()
  #nextIndex = 0
  #closing = 0
  #inFlight = 0
  #over = false
  #deadline = Number.POSITIVE_INFINITY
  #settleDone: () => void = () => {}
  #scheduled = 0
  #started = 0
  #dropped = 0
  #completed = 0
  #failed = 0
  #aborted = 0

  constructor(shape: CompiledShape, context: VuContext, makeUser: MakeUser, nextUserId: NextUserId) {
    this.shape = shape
    this.context = context
    this.makeUser = makeUser
    this.#nextUserId = nextUserId
    const journeys = shape.journeys.flatMap((name) => context.journeys.get(name) ?? [])
    this.#choose = chooseByWeight(journeys, context.load.seed, `${shape.name}/${context.settings.worker}`)
    this.done = new Promise((resolve) => {
      this.#settleDone = resolve
    })
  }

  get size(): number {
    return this.#lanes.size
  }

  get stopped(): boolean {
    return this.#over
  }

  hire(): Lane {
    const { worker, workers } = this.context.settings
    const identity = {
      id: this.#nextUserId(),
      index: globalIndex(this.#nextIndex++, worker, workers),
      shape: this.shape.name,
    }
    const lane = new Lane(this.context, identity, this)
    this.#lanes.add(lane)
    return lane
  }

  /**
   * Closes a user that has no iteration under way.
   * @param linger it has done all that it had to do: see `Lane.close`
   */
  dismiss(lane: Lane, linger = this.#over): void {
    if (!this.#lanes.delete(lane)) return
    this.#closing++
    void lane.close(linger).finally(() => {
      this.#closing--
      this.#checkDone()
    })
  }

  /** Counts an iteration as scheduled and starts it; `due` and `now` as in `Lane.iterate`. */
  run(lane: Lane, due: Millis, now: Millis): void {
    this.#scheduled++
    this.#started++
    this.#inFlight++
    lane.iterate(this.#choose(), due, now)
  }

  iterationEnded(lane: Lane, outcome: Outcome): void {
    this.#inFlight--
    if (outcome === 'completed') this.#completed++
    else if (outcome === 'failed') this.#failed++
    else this.#aborted++
    this.onEnd(lane)
    if (this.#over) this.#checkDone()
  }

  /** Counts iterations that the schedule wanted and that could not be started. */
  drop(count = 1): void {
    this.#scheduled += count
    this.#dropped += count
  }

  /** No more iterations; idle users are closed now, busy ones as they finish, all others are cut at the deadline. */
  windDown(deadline: Millis): void {
    this.#over = true
    this.#deadline = Math.min(this.#deadline, deadline)
    for (const lane of this.#lanes) {
      lane.windDown()
      if (!lane.busy) this.dismiss(lane)
    }
    this.#checkDone()
  }

  tend(now: Millis): void {
    for (const lane of this.#lanes) lane.checkTimeout(now)
    if (now < this.#deadline) return
    for (const lane of [...this.#lanes]) {
      lane.abort('the run is over')
      this.dismiss(lane)
    }
    this.#checkDone()
  }

  sample(target: number): ShapeInterval {
    const sample = {
      shape: this.shape.name,
      users: this.shape.model === 'open' ? this.#inFlight : this.#lanes.size,
      target,
      scheduled: this.#scheduled,
      started: this.#started,
      dropped: this.#dropped,
      completed: this.#completed,
      failed: this.#failed,
      aborted: this.#aborted,
      inFlight: this.#inFlight,
    }
    this.#scheduled = 0
    this.#started = 0
    this.#dropped = 0
    this.#completed = 0
    this.#failed = 0
    this.#aborted = 0
    return sample
  }

  /** The shape's own place on the shared clock. */
  startOf(runStart: Millis): Millis {
    return millis(runStart + this.shape.startAfter)
  }

  #checkDone(): void {
    if (this.#over && this.#lanes.size === 0 && this.#closing === 0 && this.#inFlight === 0) this.#settleDone()
  }
}
