import { type Millis, millis, subtract, toMicros } from '../../base/units.ts'
import { FeederDryError } from '../../plan/feeder-cursor.ts'
import { thinkDelay } from '../../plan/think.ts'
import type { User } from '../../plan/user.ts'
import type { VuContext } from './context.ts'
import type { PreparedJourney } from './prepared-journey.ts'
import { UserStopped } from './stopped.ts'
import type { UserIdentity, VirtualUser } from './virtual-user.ts'

export type Outcome = 'completed' | 'failed' | 'aborted'

/** After a `begin` that threw, the user tries again, but does not hammer a system that is down. */
const BEGIN_RETRY = millis(1000)

/** How long a user's `end` may take. */
const END_TIMEOUT = millis(5000)

/**
 * The life of one virtual user: `begin` before its first iteration, iterations one at a time, `end`. A journey cannot
 * be killed, so one that hangs is left behind with its user, and the lane goes on with a fresh one.
 */
export class Lane {
  readonly #context: VuContext
  readonly #identity: UserIdentity
  readonly #makeUser: (identity: UserIdentity) => VirtualUser
  #user: VirtualUser
  #begun = false
  #closed = false
  #exhausted = false
  /** Counts iterations, so that what an abandoned one does later is known to be stale. */
  #turn = 0
  #current: { journey: PreparedJourney; startedAt: Millis; onEnd: (outcome: Outcome) => void } | undefined

  constructor(context: VuContext, identity: UserIdentity, makeUser: (identity: UserIdentity) => VirtualUser) {
    this.#context = context
    this.#identity = identity
    this.#makeUser = makeUser
    this.#user = makeUser(identity)
  }

  /** A feeder has no row left for this user, and the plan wants it to end. */
  get exhausted(): boolean {
    return this.#exhausted
  }

  get busy(): boolean {
    return this.#current !== undefined
  }

  /**
   * Does one iteration. `due`, when not 0, is the instant that the schedule wanted it: its first request counts from
   * there. `onEnd` is called once, never before this returns.
   */
  iterate(journey: PreparedJourney, due: Millis, onEnd: (outcome: Outcome) => void): void {
    const turn = ++this.#turn
    this.#current = { journey, startedAt: this.#context.clock.now(), onEnd }
    if (due > 0) this.#user.expect(due)
    if (this.#begun) this.#runJourney(turn, journey)
    else void this.#beginThenRun(turn, journey)
  }

  /** Gives up an iteration that has outlived its journey's timeout. Cheap: called for every lane, twice a second. */
  checkTimeout(now: Millis): void {
    const current = this.#current
    if (current === undefined || now - current.startedAt <= current.journey.spec.timeout) return
    const { name, timeout } = current.journey.spec
    this.#context.faults.add({
      kind: 'hung',
      journey: name,
      user: this.#user.id,
      cause: `an iteration was still running after the journey's timeout of ${timeout} ms`,
    })
    this.#replaceUser('the journey outlived its timeout')
    this.#settle('aborted')
  }

  /** The think time after an iteration, or what is left of its pace; undefined when the next may begin at once. */
  rest(journey: PreparedJourney, startedAt: Millis): Promise<void> | undefined {
    const { think, pace } = journey.spec
    if (think === undefined && pace === undefined) return undefined
    const user = this.#user
    const thinking = think === undefined ? 0 : thinkDelay(think, user.random)
    const pacing = pace === undefined ? 0 : pace - (this.#context.clock.now() - startedAt)
    return user.pause(millis(Math.max(thinking, pacing, 0)))
  }

  /** Lets the iteration under way come to its end without sleeping. */
  windDown(): void {
    this.#user.windDown()
  }

  /** Cuts the iteration under way, if any. */
  abort(reason: string): void {
    if (this.#current === undefined) return
    this.#user.stop(reason)
    this.#settle('aborted')
  }

  /** Runs the plan's `end` if `begin` had run, then closes the user's connections. */
  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    const user = this.#user
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
    user.stopped = true
    user.http.close()
  }

  async #beginThenRun(turn: number, journey: PreparedJourney): Promise<void> {
    const { begin } = this.#context.plan
    this.#enter(undefined)
    try {
      // Even without `begin`, a turn of its own: `onEnd` must not be called from within `iterate`.
      await begin?.(this.#user as User<never>)
    } catch (error) {
      if (turn !== this.#turn) return
      if (!(error instanceof UserStopped)) this.#fault('begin', error)
      await this.#user.pause(BEGIN_RETRY)
      if (turn === this.#turn) this.#settle(error instanceof UserStopped ? 'aborted' : 'failed')
      return
    }
    if (turn !== this.#turn) return
    this.#begun = true
    if (this.#current !== undefined) this.#current.startedAt = this.#context.clock.now()
    this.#runJourney(turn, journey)
  }

  #runJourney(turn: number, journey: PreparedJourney): void {
    const user = this.#user
    this.#enter(journey)
    const waits = user.waits
    let running: unknown
    try {
      running = journey.spec.run(user as User<never>)
    } catch (error) {
      running = Promise.reject(error)
    }
    Promise.resolve(running).then(
      () => this.#finished(turn, journey, waits, undefined),
      (error: unknown) => this.#finished(turn, journey, waits, { error }),
    )
  }

  #finished(turn: number, journey: PreparedJourney, waits: number, thrown: { error: unknown } | undefined): void {
    if (turn !== this.#turn || this.#current === undefined) return
    const { clock } = this.#context
    if (thrown !== undefined && thrown.error instanceof UserStopped) {
      this.#settle('aborted')
      return
    }
    if (thrown !== undefined && isDry(thrown.error)) {
      this.#exhausted = true
      this.#fault(journey.spec.name, thrown.error)
      this.#settle('aborted')
      return
    }
    const took = toMicros(subtract(clock.now(), this.#current.startedAt))
    journey.duration.record(took, thrown !== undefined)
    if (thrown !== undefined) this.#fault(journey.spec.name, thrown.error)
    const outcome = thrown === undefined ? 'completed' : 'failed'
    // An iteration that waited for nothing would be followed by the next within the same turn, for ever.
    if (this.#user.waits === waits) clock.soon(() => turn === this.#turn && this.#settle(outcome))
    else this.#settle(outcome)
  }

  #settle(outcome: Outcome): void {
    const current = this.#current
    if (current === undefined) return
    this.#current = undefined
    this.#turn++
    current.onEnd(outcome)
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

  #replaceUser(reason: string): void {
    this.#user.stop(reason)
    this.#user.http.close()
    this.#user = this.#makeUser(this.#identity)
    this.#begun = false
  }
}

const isDry = (error: unknown): boolean => error instanceof FeederDryError && error.action === 'stop'
