import { type Millis, millis, subtract, toMicros } from '../../base/units.ts'
import type { Duration } from '../../plan/duration.ts'
import type { AnswerOptions, ReadRate, SocketIoOptions, UserSocketIo } from '../../plan/sockets.ts'
import { TransportError } from '../../protocols/http/exchange.ts'
import { connectSocketIo } from '../../protocols/socketio/socketio.ts'
import type {
  AckListener,
  SocketIoConnection,
  SocketIoListener,
  SocketIoTimes,
} from '../../protocols/socketio/types.ts'
import type { SocketClose } from '../../protocols/websocket/types.ts'
import type { Emitted } from '../deliveries/declared.ts'
import { UserStopped } from '../vu/stopped.ts'
import { Listeners } from './listeners.ts'
import { ANSWER_TIMEOUT, readRate, readReconnect, readTime } from './options.ts'
import { ReadThrottle } from './read-throttle.ts'
import { count } from './socket-book.ts'
import type { SocketOwner } from './socket-owner.ts'
import { UserSocket } from './user-socket.ts'

interface Pushed {
  readonly event: string
  readonly payload: unknown
}

/** `user.io`: a Socket.IO socket in the books of its user. */
export class ManagedSocketIo extends UserSocket<Pushed> implements UserSocketIo, SocketIoListener {
  recovered = false
  readonly #connection: SocketIoConnection
  readonly #states: Listeners
  #throttle: ReadThrottle | undefined

  /** @throws {TypeError} for options that are wrong */
  constructor(owner: SocketOwner, url: string, options: SocketIoOptions) {
    const { context } = owner
    const target = new URL(url, context.baseUrl)
    const namespace = options.namespace ?? target.pathname
    const query = { ...Object.fromEntries(target.searchParams), ...options.params }
    const settings = {
      transports: options.transports ?? (['websocket'] as const),
      path: options.path ?? '/socket.io/',
      namespace,
      auth: options.auth,
      query: Object.fromEntries(Object.entries(query).map(([name, value]) => [name, String(value)])),
      headers: options.headers ?? {},
      parser: options.parser ?? ('json' as const),
      connectTimeout: readTime('timeout', options.timeout, context.plan.http.timeout.connect),
      maxMessage: options.maxMessage ?? context.plan.http.maxBody,
      maxAttachments: 1000,
      reconnect: readReconnect(options.reconnect, true),
    }
    super(owner, 'socketio', options.name ?? namespace)
    this.#states = new Listeners(owner)
    this.#connection = connectSocketIo({ ...owner.dialer, random: owner.random }, target.origin, settings, this)
    if (options.read !== undefined) this.read(options.read)
  }

  get id(): string {
    return this.#connection.id
  }

  get bufferedAmount(): number {
    return this.#connection.bufferedAmount
  }

  emit(event: string, ...args: unknown[]): void {
    const { owner } = this
    const { context } = owner
    if (owner.stopped) throw new UserStopped()
    const due = owner.takeDue()
    const now = context.clock.now()
    const bytes = this.#connection.emit(event, args)
    count(context.sockets.tallies('socketio', 'out'), event, bytes)
    context.declared?.emitted(owner.id, event, args[0], due > 0 ? due : now, now)?.unanswered(now, false)
  }

  request<Answer = unknown>(event: string, payload?: unknown, options: AnswerOptions = {}): Promise<Answer> {
    const { owner } = this
    if (owner.stopped) return Promise.reject(new UserStopped())
    owner.waited = true
    const due = owner.takeDue()
    const now = owner.context.clock.now()
    return new Promise((resolve, reject) => {
      const ack = new Acknowledged(this, event, options.name ?? event, due > 0 ? due : now, resolve as never, reject)
      let bytes: number
      try {
        const timeout = readTime('timeout', options.timeout, ANSWER_TIMEOUT)
        bytes = this.#connection.emitWithAck(event, payload === undefined ? [] : [payload], timeout, ack)
      } catch (error) {
        if (error instanceof TransportError) ack.failed(error)
        else reject(error)
        return
      }
      const { sockets, declared } = owner.context
      count(sockets.tallies('socketio', 'out'), event, bytes)
      ack.emitted = declared?.emitted(owner.id, event, payload, ack.since, now)
    })
  }

  on(event: string, listener: (...args: never[]) => void): void {
    this.listeners.add(event, listener)
  }

  onState(what: 'disconnect' | 'reconnect', listener: (reason: string) => void): void {
    this.#states.add(what, listener)
  }

  async waitFor<Payload = unknown>(
    event: string,
    options?: Duration | (AnswerOptions & { readonly where?: (payload: Payload) => boolean }),
  ): Promise<Payload> {
    const where = typeof options === 'object' ? options.where : undefined
    const wants = (pushed: Pushed) =>
      pushed.event === event && (where === undefined || where(pushed.payload as Payload))
    const { payload } = await this.waitForPush(wants, event, options)
    return payload as Payload
  }

  read(rate: ReadRate | undefined): void {
    const { clock, timeline } = this.owner.context
    this.#throttle ??= new ReadThrottle(this.#connection, clock, timeline)
    this.#throttle.set(readRate(rate))
  }

  drop(offline: Millis | undefined): void {
    this.#connection.cut(offline)
  }

  takeTraffic(): { readonly sent: number; readonly received: number } {
    return this.#connection.takeTraffic()
  }

  opened(times: SocketIoTimes, _transport: 'websocket' | 'polling', recovered: boolean | undefined): void {
    this.recovered = recovered === true
    if (!this.isOpening) this.askedAt = times.askedAt
    const isFirst = this.stands(times.openAt, recovered)
    if (!isFirst) this.#states.call('reconnect', this.recovered ? 'recovered' : 'new session')
  }

  upgraded(): void {
    // Which transport carries it makes no difference to the books.
  }

  event(
    name: string,
    args: readonly unknown[],
    at: Millis,
    reply: ((...args: unknown[]) => void) | undefined,
    bytes: number,
  ): void {
    if (this.early !== undefined) {
      this.early.push(() => this.event(name, args, at, reply, bytes))
      return
    }
    const { context, id } = this.owner
    context.receiveWait.read(at)
    count(context.sockets.tallies('socketio', 'in'), name, bytes)
    this.enter()
    context.readingAt = at
    context.declared?.received(id, name, args[0], at)
    if (this.waiters !== undefined && this.waiters.size > 0) this.waiters.offer({ event: name, payload: args[0] }, at)
    if (reply === undefined) this.listeners.call(name, ...args)
    else this.listeners.call(name, ...args, reply)
    context.readingAt = millis(0)
    this.#throttle?.received(bytes)
  }

  disconnected(close: SocketClose, retryIn: Millis | undefined): void {
    if (this.isOver) return
    const how = close.by === 'us' ? 'closed' : close.by === 'cut' ? 'cut' : 'lost'
    this.gone(how, close.error, retryIn !== undefined)
    this.#states.call('disconnect', close.reason)
    if (retryIn === undefined) this.finish()
  }

  connectFailed(error: TransportError, retryIn: Millis | undefined): void {
    if (this.isOver) return
    if (this.attemptFailed(error)) this.#connection.close()
    else if (retryIn === undefined) this.finish()
  }

  stray(error: TransportError): void {
    this.life.error(error)
  }

  protected disconnect(): void {
    this.#connection.close()
  }
}

/** One acknowledged emit, from the schedule's instant to its answer. */
class Acknowledged implements AckListener {
  readonly since: Millis
  emitted: Emitted | undefined
  readonly #socket: ManagedSocketIo
  readonly #event: string
  readonly #name: string
  readonly #resolve: (answer: unknown) => void
  readonly #reject: (reason: unknown) => void

  constructor(
    socket: ManagedSocketIo,
    event: string,
    name: string,
    since: Millis,
    resolve: (answer: unknown) => void,
    reject: (reason: unknown) => void,
  ) {
    this.#socket = socket
    this.#event = event
    this.#name = name
    this.since = since
    this.#resolve = resolve
    this.#reject = reject
  }

  acknowledged(args: readonly unknown[], at: Millis): void {
    const { context, id, journeyIndex } = this.#socket.owner
    context.receiveWait.read(at)
    this.#series.record(toMicros(subtract(at, this.since)), false)
    this.emitted?.acknowledged(args[0], at)
    context.declared?.answered(id, this.#event, args[0], at)
    context.pulse.enter(journeyIndex, id)
    this.#resolve(args[0])
  }

  failed(error: TransportError): void {
    const { context, stopped } = this.#socket.owner
    const now = context.clock.now()
    const isFailure = error.code !== 'ABORTED' && !stopped
    this.#series.recordCensored(toMicros(subtract(now, this.since)), isFailure)
    if (isFailure) context.recorder.error(error.code, `ack ${this.#name}`)
    this.emitted?.unanswered(now, true)
    this.#reject(stopped ? new UserStopped() : error)
  }

  get #series() {
    return this.#socket.owner.context.recorder.series('socketio.ack_time', 'endpoint', this.#name)
  }
}
