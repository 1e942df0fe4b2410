import { type Millis, millis, subtract, toMicros } from '../../base/units.ts'
import { FeederDryError } from '../../plan/feeder-cursor.ts'
import type { User } from '../../plan/user.ts'
import { TransportError } from '../../protocols/http/exchange.ts'
import { lingerForDeliveries } from '../deliveries/linger.ts'
import type { VuContext } from './context.ts'
import type { PreparedJourney } from './prepared-journey.ts'
import { UserStopped } from './stopped.ts'
import type { UserIdentity, VirtualUser } from './virtual-user.ts'

export type Outcome = 'completed' | 'failed' | 'aborted'

/** Who gives a lane its iterations, and is told of the end of each; never from within the call that began it. */
export interface LaneOwner {
  makeUser(identity: UserIdentity): VirtualUser
  iterationEnded(lane: Lane, outcome: Outcome): void
}

/** After a `begin` that threw, the user tries again, but does not hammer a system that is down. */
const BEGIN_RETRY = millis(1000)

/** How long a user's `end` may take. */
const END_TIMEOUT = millis(5000)

/**
 * The life of one virtual user: `begin` before its first iteration, iterations one at a time, `end`. A journey cannot
 * be killed, so one that hangs is left behind with its user, and the lane goes on with a fresh one.
 */
export class Lane {
  /** The journey of the iteration under way, or of the last one. */
  journey: PreparedJourney | undefined
  /** When that iteration began, `begin` not counted. */
  startedAt = millis(0)
  /** When the last iteration ended. */
  endedAt = millis(0)
  /** An iteration is under way. */
  busy = false
  /** A feeder has no row left for this user, and the plan wants it to end. */
  exhausted = false
  readonly #context: VuContext
  readonly #identity: UserIdentity
  readonly #owner: LaneOwner
  #user: VirtualUser
  #watch: Watch
  #begun = false
  #closed = false

  constructor(context: VuContext, identity: UserIdentity, owner: LaneOwner) {
    this.#context = context
    this.#identity = identity
    this.#owner = owner
    this.#user = owner.makeUser(identity)
    this.#watch = new Watch(this)
  }

  /**
   * Does one iteration.
   * @param due when not 0, the instant that the schedule wanted it: its first request counts from there
   * @param now the present, when the caller has it at hand; 0 when not
   */
  iterate(journey: PreparedJourney, due: Millis, now: Millis): void {
    this.journey = journey
    this.startedAt = now > 0 ? now : this.#context.clock.now()
    this.busy = true
    if (due > 0) this.#user.expect(due)
    if (this.#begun) this.#runJourney(journey)
    else void this.#beginThenRun(journey, this.#watch)
  }

  /** Gives up an iteration that has outlived its journey's timeout. Cheap: called for every lane, ten times a second. */
  checkTimeout(now: Millis): void {
    if (!this.busy || this.journey === undefined) return
    const { name, timeout } = this.journey.spec
    if (now - this.startedAt <= timeout) return
    const cause = `an iteration was still running after the journey's timeout of ${timeout} ms`
    this.#context.faults.add({ kind: 'hung', journey: name, user: this.#user.id, cause })
    this.#recordCut(this.journey, now)
    this.#user.stop('the journey outlived its timeout')
    this.#user.close()
    this.#user = this.#owner.makeUser(this.#identity)
    this.#begun = false
    this.#abandon()
  }

  /** The think time after an iteration, or what is left of its pace; undefined when the next may begin at once. */
  rest(): Promise<void> | undefined {
    const { think, pace } = this.journey?.spec ?? {}
    if (think === undefined && pace === undefined) return undefined
    const user = this.#user
    const thinking = think === undefined ? 0 : user.draw(think)
    const pacing = pace === undefined ? 0 : pace - (this.#context.clock.now() - this.startedAt)
    return user.pause(millis(Math.max(thinking, pacing, 0)))
  }

  /** Lets the iteration under way come to its end without sleeping. */
  windDown(): void {
    this.#user.windDown()
  }

  /** Cuts the iteration under way, if any. */
  abort(reason: string): void {
    if (!this.busy) return
    this.#user.stop(reason)
    if (this.journey !== undefined) this.#recordCut(this.journey, this.#context.clock.now())
    this.#abandon()
  }

  /**
   * Runs the plan's `end` if `begin` had run, then closes the user's connections.
   * @param linger stay first, until the messages that were published last have had time to arrive
   */
  async close(linger: boolean): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    const user = this.#user
    if (linger && user.hasSockets && !user.stopped) await lingerForDeliveries(this.#context)
    const { end } = this.#context.plan
    if (end !== undefined && this.#begun && !user.stopped) {
      this.#enter(undefined)
      const over = AbortSignal.timeout(END_TIMEOUT)
      const timeUp = new Promise<void>((resolve) => over.addEventListener('abort', () => resolve(), { once: true }))
      try {
        await Promise.race([end(user as User<never>), timeUp])
      } catch (error) {
        this.#fault('end', error)
      }
    }
    user.close()
  }

  /** What a journey's promise came to; for the lane's own watch. */
  journeyEnded(thrown: { readonly error: unknown } | undefined): void {
    const { journey } = this
    if (!this.busy || journey === undefined) return
    if (thrown !== undefined && thrown.error instanceof UserStopped) {
      this.#settle('aborted')
      return
    }
    if (thrown !== undefined && !isWire(thrown.error)) this.#fault(journey.spec.name, thrown.error)
    if (thrown !== undefined && isDry(thrown.error)) {
      this.exhausted = true
      this.#settle('aborted')
      return
    }
    this.endedAt = this.#context.clock.now()
    journey.duration.record(toMicros(subtract(this.endedAt, this.startedAt)), thrown !== undefined)
    const outcome = thrown === undefined ? 'completed' : 'failed'
    if (this.#user.hasWaited()) this.#settle(outcome)
    else this.#settleNextTurn(outcome)
  }

  async #beginThenRun(journey: PreparedJourney, watch: Watch): Promise<void> {
    const { begin } = this.#context.plan
    this.#enter(undefined)
    try {
      // Even without `begin`, a turn of its own: the owner must not be told from within `iterate`.
      await begin?.(this.#user as User<never>)
    } catch (error) {
      if (watch !== this.#watch) return
      const isStopped = error instanceof UserStopped
      if (!isStopped) {
        if (!isWire(error)) this.#fault('begin', error)
        await this.#user.pause(BEGIN_RETRY)
      }
      if (watch === this.#watch) this.#settle(isStopped ? 'aborted' : 'failed')
      return
    }
    if (watch !== this.#watch) return
    this.#begun = true
    this.startedAt = this.#context.clock.now()
    this.#runJourney(journey)
  }

  #runJourney(journey: PreparedJourney): void {
    this.#enter(journey)
    let running: unknown
    try {
      running = journey.spec.run(this.#user as User<never>)
    } catch (error) {
      running = Promise.reject(error)
    }
    const { completed, failed } = this.#watch
    Promise.resolve(running).then(completed, failed)
  }

  /** An iteration that waited for nothing would be followed by the next within the same turn, for ever. */
  #settleNextTurn(outcome: Outcome): void {
    const watch = this.#watch
    this.#context.clock.soon(() => {
      if (watch === this.#watch) this.#settle(outcome)
    })
  }

  /** It has taken at least so long, were it left to go on; before `begin` is over it has not started. */
  #recordCut({ duration }: PreparedJourney, now: Millis): void {
    if (this.#begun) duration.recordCensored(toMicros(subtract(now, this.startedAt)), false)
  }

  /** What the iteration under way does from here on is nobody's business. */
  #abandon(): void {
    this.#watch.lane = undefined
    this.#watch = new Watch(this)
    this.#settle('aborted')
  }

  #settle(outcome: Outcome): void {
    if (!this.busy) return
    this.busy = false
    // An iteration that did nothing leaves nothing due to what its sockets do later.
    this.#user.takeDue()
    this.#owner.iterationEnded(this, outcome)
  }

  #enter(journey: PreparedJourney | undefined): void {
    const user = this.#user
    user.journeyName = journey?.spec.name ?? 'begin'
    user.journeyIndex = journey?.index ?? -1
    user.tags = journey === undefined ? this.#context.tags : journey.tags
    this.#context.pulse.enter(user.journeyIndex, user.id)
  }

  #fault(journey: string, cause: unknown): void {
    this.#context.faults.add({ kind: 'threw', journey, user: this.#user.id, cause })
  }
}

/**
 * Listens to a lane's iterations, one after the other, with the same two functions. Replaced when an iteration is
 * abandoned, so that what the abandoned one comes to is not taken for the end of the next.
 */
class Watch {
  lane: Lane | undefined
  readonly completed = (): void => this.lane?.journeyEnded(undefined)
  readonly failed = (error: unknown): void => this.lane?.journeyEnded({ error })

  constructor(lane: Lane) {
    this.lane = lane
  }
}

/** What the wire did has been counted where it happened: the iteration has failed, the plan is not at fault. */
const isWire = (error: unknown): boolean => error instanceof TransportError

const isDry = (error: unknown): boolean => error instanceof FeederDryError && error.action === 'stop'
