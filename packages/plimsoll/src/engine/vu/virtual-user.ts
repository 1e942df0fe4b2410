import { type Millis, micros, millis, shortest, subtract, toMicros } from '../../base/units.ts'
import type { Duration } from '../../plan/duration.ts'
import type { FeederCursor } from '../../plan/feeder-cursor.ts'
import { createRandom } from '../../plan/random.ts'
import type {
  Delivery,
  EventStreamOptions,
  SocketIoOptions,
  UserEventStream,
  UserSocketIo,
  UserWebSocket,
  WebSocketOptions,
} from '../../plan/sockets.ts'
import { parseThink, thinkDelay } from '../../plan/think.ts'
import type { Checks, Feeder, Random, ThinkDistribution, ThinkTime, User } from '../../plan/user.ts'
import type { Dialer } from '../../protocols/http/dialer.ts'
import type { ExchangeObserver } from '../../protocols/http/types.ts'
import { UserDelivery } from '../deliveries/user-delivery.ts'
import type { ManagedSocket } from '../sockets/managed-socket.ts'
import type { SocketOwner } from '../sockets/socket-owner.ts'
import { ManagedEventStream } from '../sockets/user-event-stream.ts'
import { ManagedSocketIo } from '../sockets/user-socketio.ts'
import { ManagedWebSocket } from '../sockets/user-websocket.ts'
import type { Alarm } from '../worker/timeline.ts'
import type { VuContext } from './context.ts'
import type { HttpResult } from './http-result.ts'
import { UserStopped } from './stopped.ts'
import { UserHttp } from './user-http.ts'

/**
 * A think time ends at a tick of a coarse timer: up to this late is the timer's grain, what goes beyond it is the
 * generator being late, and counts from here on in the next request's response time.
 */
const TIMER_GRAIN = millis(2)

/** Who this user is within the run. */
export interface UserIdentity {
  readonly id: number
  readonly index: number
  readonly shape: string
}

/** The `user` that plan code holds. Made small: ten thousand of them wait in one process. */
export class VirtualUser implements User, SocketOwner {
  readonly id: number
  readonly index: number
  // biome-ignore lint/suspicious/noExplicitAny: the plan's own scratch space, typed so in the public interface
  readonly state: Record<string, any> = {}
  readonly http: UserHttp
  readonly context: VuContext
  readonly #shape: string
  /** Set while a journey runs. */
  journeyName = ''
  journeyIndex = -1
  tags: Readonly<Record<string, string>> | undefined
  stopped = false
  /** Its shape has ended: it may finish its iteration, but waits for nothing any more. */
  #winding = false
  /** Set by every request and sleep: an iteration without any would never let the event loop turn. */
  waited = false
  #due = millis(0)
  #random: Random | undefined
  #uniques = 0
  /** Ends its sleep; those that it has beside this one are in a set, which is not small. */
  #wake: (() => void) | undefined
  #wakeOthers: Set<() => void> | undefined
  #sockets: Set<ManagedSocket> | undefined
  #cursors: Map<number, FeederCursor<unknown>> | undefined

  constructor(
    context: VuContext,
    { id, index, shape }: UserIdentity,
    observer: ExchangeObserver<HttpResult>,
    localAddress: string | undefined,
  ) {
    this.context = context
    this.id = id
    this.index = index
    this.#shape = shape
    this.http = new UserHttp(this, observer, localAddress)
  }

  get data(): never {
    return this.context.data as never
  }

  get random(): Random {
    return (this.#random ??= createRandom(this.context.load.seed, this.#shape, this.index))
  }

  get dialer(): Dialer {
    return this.http.dialer
  }

  /** When the schedule wanted the next action; 0 when it does not say. */
  get due(): Millis {
    return this.#due
  }

  ws<Message>(url: string, options: WebSocketOptions<Message> = {}): Promise<UserWebSocket<Message>> {
    return this.#open(() => new ManagedWebSocket(this, url, options))
  }

  io(url: string, options: SocketIoOptions = {}): Promise<UserSocketIo> {
    return this.#open(() => new ManagedSocketIo(this, url, options))
  }

  sse(url: string, options: EventStreamOptions = {}): Promise<UserEventStream> {
    return this.#open(() => new ManagedEventStream(this, url, options))
  }

  delivery(event: string): Delivery {
    return new UserDelivery(this, event)
  }

  attach(socket: ManagedSocket): void {
    this.#sockets ??= new Set()
    this.#sockets.add(socket)
  }

  detach(socket: ManagedSocket): void {
    this.#sockets?.delete(socket)
  }

  get hasSockets(): boolean {
    return this.#sockets !== undefined && this.#sockets.size > 0
  }

  /** The next request was wanted at this instant: its response time counts from there. */
  expect(due: Millis): void {
    this.#due = due
  }

  takeDue(): Millis {
    const due = this.#due
    this.#due = millis(0)
    return due
  }

  /** Whether it has waited for anything since the last time it was asked. */
  hasWaited(): boolean {
    const { waited } = this
    this.waited = false
    return waited
  }

  check<T>(subject: T, checks: Checks<T>): boolean {
    let all = true
    for (const name in checks) {
      let passed = false
      try {
        passed = Boolean(checks[name]?.(subject))
      } catch {
        // A claim about a body that is not there is a claim that failed.
      }
      this.context.recorder.check(name, passed)
      if (!passed) all = false
    }
    return all
  }

  async step<T>(name: string, body: () => T | Promise<T>): Promise<T> {
    const { clock, recorder } = this.context
    const startedAt = clock.now()
    let failed = true
    try {
      const value = await body()
      failed = false
      return value
    } finally {
      const duration = recorder.series('step.duration', 'step', name)
      const took = toMicros(subtract(clock.now(), startedAt))
      if (this.stopped) duration.recordCensored(took, false)
      else duration.record(took, failed)
    }
  }

  sleep(duration: Duration | ThinkTime): Promise<void> {
    if (this.stopped) return Promise.reject(new UserStopped())
    const distribution = parseThink(duration)
    if (distribution === undefined) {
      return Promise.reject(new TypeError(`user.sleep(${String(duration)}): write '250ms', '1s' or '1s..3s'`))
    }
    this.waited = true
    return this.pause(this.draw(distribution))
  }

  /** One of these times. Where all are the same, random numbers of the user's own are not even made. */
  draw(distribution: ThinkDistribution): Millis {
    return distribution.kind === 'constant' ? distribution.value : thinkDelay(distribution, this.random)
  }

  /** A sleep by the clock; ends at once while the run stops. */
  pause(delay: Millis): Promise<void> {
    const { context } = this
    if (context.stopping || this.#winding) return Promise.resolve()
    return new Promise((resolve) => {
      let alarm: Alarm | undefined
      const wake = () => {
        alarm?.cancel()
        if (this.#wake === wake) this.#wake = undefined
        else this.#wakeOthers?.delete(wake)
        context.pulse.enter(this.journeyIndex, this.id)
        resolve()
      }
      alarm = context.timeline.at(millis(context.clock.now() + delay), (due) => {
        this.#woke(due)
        wake()
      })
      if (this.#wake === undefined) {
        this.#wake = wake
      } else {
        this.#wakeOthers ??= new Set()
        this.#wakeOthers.add(wake)
      }
    })
  }

  unique(prefix = 'u'): string {
    const { run } = this.context.settings
    return `${prefix}-${run}-${this.id.toString(36)}-${(this.#uniques++).toString(36)}`
  }

  feed<Row>(feeder: Feeder<Row>): Row {
    const cursors = (this.#cursors ??= new Map())
    let cursor = cursors.get(feeder.id)
    if (cursor === undefined) {
      cursor = this.context.openFeeder(feeder.id, this.random)
      cursors.set(feeder.id, cursor)
    }
    return cursor.next() as Row
  }

  /** Ends every call that this user waits in; further calls throw. */
  stop(reason: string): void {
    this.stopped = true
    this.http.abort(reason)
    this.#endSockets()
    this.windDown()
  }

  /** Its part in the run is over. */
  close(): void {
    this.stopped = true
    this.http.close()
    this.#endSockets()
    const { clock, deliveries } = this.context
    deliveries.ledger.gone(this.id, clock.now())
  }

  /** Ends its sleeps, now and from now on. */
  windDown(): void {
    this.#winding = true
    this.#wake?.()
    for (const wake of this.#wakeOthers ?? []) wake()
  }

  #open<Socket extends { opening(): Promise<Socket> }>(make: () => Socket): Promise<Socket> {
    if (this.stopped) return Promise.reject(new UserStopped())
    this.waited = true
    try {
      return make().opening()
    } catch (error) {
      return Promise.reject(error)
    }
  }

  #endSockets(): void {
    for (const socket of this.#sockets ?? []) socket.end(new UserStopped())
  }

  #woke(due: Millis): void {
    const { clock, lateness, stopping } = this.context
    if (stopping) return
    const now = clock.now()
    const excused = millis(due + TIMER_GRAIN)
    lateness.record(now > excused ? toMicros(subtract(now, excused)) : micros(0), false)
    this.#due = shortest(now, excused)
  }
}
