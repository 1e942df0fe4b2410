import { type Millis, millis, seconds, toMicros } from '../../base/units.ts'
import type { Duration } from '../../plan/duration.ts'
import type { AnswerOptions, ReadRate, UserWebSocket, WebSocketOptions } from '../../plan/sockets.ts'
import { TransportError } from '../../protocols/http/exchange.ts'
import { withParams } from '../../protocols/http/target.ts'
import { backOff } from '../../protocols/socketio/back-off.ts'
import type { ReconnectSettings } from '../../protocols/socketio/types.ts'
import type {
  HandshakeTimes,
  SocketClose,
  WebSocketConnection,
  WebSocketListener,
  WebSocketSettings,
} from '../../protocols/websocket/types.ts'
import { connectWebSocket } from '../../protocols/websocket/websocket.ts'
import type { Emitted } from '../deliveries/declared.ts'
import type { ReadText } from '../deliveries/recent-texts.ts'
import { UserStopped } from '../vu/stopped.ts'
import type { Alarm } from '../worker/timeline.ts'
import { jsonCodec } from './codec.ts'
import { eventOf } from './event-of.ts'
import { Inbox } from './inbox.ts'
import { ANSWER_TIMEOUT, readRate, readReconnect, readTime, socketName } from './options.ts'
import { ReadGate } from './read-gate.ts'
import { ReadThrottle } from './read-throttle.ts'
import { count } from './socket-book.ts'
import type { SocketOwner } from './socket-owner.ts'
import { UserSocket } from './user-socket.ts'

/** Past this the system does not keep up, and `send` waits for it. */
const HIGH_WATER = 64 * 1024
const sent = Promise.resolve()

/** `user.ws`: a WebSocket in the books of its user, which comes back by itself where the plan wants it to. */
export class ManagedWebSocket<Message>
  extends UserSocket<Message>
  implements UserWebSocket<Message>, WebSocketListener
{
  subprotocol = ''
  readonly #url: string
  readonly #options: WebSocketOptions<Message>
  readonly #settings: WebSocketSettings
  readonly #back: ReconnectSettings | undefined
  #connection: WebSocketConnection
  #inbox: Inbox<Message> | undefined
  #gate: ReadGate | undefined
  #throttle: ReadThrottle | undefined
  #attempt = 0
  #offline: Millis | undefined
  #retry: Alarm | undefined
  #pinging: Alarm | undefined

  /** @throws {TypeError} for options that are wrong */
  constructor(owner: SocketOwner, url: string, options: WebSocketOptions<Message>) {
    const { http } = owner.context.plan
    const settings = {
      subprotocols: options.subprotocols ?? [],
      headers: options.headers ?? {},
      deflate: options.deflate ?? false,
      connectTimeout: readTime('timeout', options.timeout, http.timeout.connect),
      maxMessage: options.maxMessage ?? http.maxBody,
      maxFragments: 10_000,
      maxControlFrames: 1000,
      closeTimeout: seconds(5),
    }
    const back = readReconnect(options.reconnect, false)
    super(owner, 'ws', options.name ?? socketName(url))
    this.#url = options.params === undefined ? url : withParams(url, options.params)
    this.#options = options
    this.#settings = settings
    this.#back = back
    this.#connection = this.#connect()
    if (options.read !== undefined) this.read(options.read)
  }

  get bufferedAmount(): number {
    return this.#connection.bufferedAmount
  }

  send(message: unknown): Promise<void> {
    try {
      const due = this.owner.takeDue()
      const now = this.owner.context.clock.now()
      this.#transmit(message, due > 0 ? due : now, now)?.unanswered(now, false)
    } catch (error) {
      return Promise.reject(error)
    }
    this.owner.waited = true
    return this.#connection.bufferedAmount > HIGH_WATER ? this.#connection.drained() : sent
  }

  async request(
    message: unknown,
    isAnswer: (answer: Message) => boolean,
    { timeout, name }: AnswerOptions = {},
  ): Promise<Message> {
    const { owner } = this
    const { clock, recorder, declared } = owner.context
    const due = owner.takeDue()
    const now = clock.now()
    const since = due > 0 ? due : now
    const emitted = this.#transmit(message, since, now)
    const event = this.#eventOf(message as Message)
    const shown = name ?? event ?? 'request'
    return this.wait({
      wants: isAnswer,
      timeout: readTime('timeout', timeout, ANSWER_TIMEOUT),
      since,
      series: recorder.series('ws.round_trip', 'endpoint', shown),
      name: `ws ${shown}`,
      onTimeout: 'TIMEOUT_ANSWER',
      onMessage: (answer, at) => {
        emitted?.acknowledged(answer, at)
        if (event !== undefined) declared?.answered(owner.id, event, answer, at)
      },
      onFailure: (at) => emitted?.unanswered(at, true),
    })
  }

  waitFor(predicate: (message: Message) => boolean, options?: Duration | AnswerOptions): Promise<Message> {
    return this.waitForPush(predicate, 'message', options)
  }

  // biome-ignore lint/suspicious/noExplicitAny: one implementation of all overloads
  on(what: 'message' | 'close' | 'reconnect', listener: (...args: any[]) => void): void {
    this.listeners.add(what, listener)
  }

  [Symbol.asyncIterator](): AsyncIterator<Message> {
    this.#inbox ??= new Inbox(this.#reading().holder(), () => {
      this.#inbox = undefined
    })
    if (this.isOver) this.#inbox.end()
    return this.#inbox
  }

  ping(): void {
    if (this.#connection.state === 'open') this.#connection.ping()
  }

  read(rate: ReadRate | undefined): void {
    const { clock, timeline } = this.owner.context
    this.#throttle ??= new ReadThrottle(this.#reading().holder(), clock, timeline)
    this.#throttle.set(readRate(rate))
  }

  #reading(): ReadGate {
    this.#gate ??= new ReadGate({
      pause: () => this.#connection.pause(),
      resume: () => this.#connection.resume(),
    })
    return this.#gate
  }

  drop(offline: Millis | undefined): void {
    this.#offline = offline
    this.#connection.cut()
  }

  takeTraffic(): { readonly sent: number; readonly received: number } {
    return this.#connection.takeTraffic()
  }

  opened(times: HandshakeTimes, subprotocol: string): void {
    this.subprotocol = subprotocol
    this.#attempt = 0
    if (!this.stands(times.openAt)) this.listeners.call('reconnect')
    this.#gate?.reopened()
    this.#schedulePing()
  }

  message(data: string | Uint8Array, at: Millis): void {
    const { owner } = this
    const { context } = owner
    context.receiveWait.read(at)
    let message: Message | undefined
    let read: ReadText | undefined
    try {
      if (typeof data === 'string' && !this.#isLookedAt) read = context.declared?.texts?.read(data)
      if (read === undefined) message = (this.#options.codec ?? jsonCodec).decode(data) as Message
    } catch (error) {
      this.life.error(new TransportError('MESSAGE_UNREADABLE', (error as Error).message, error))
      return
    }
    const event = read === undefined ? this.#eventOf(message as Message) : read.event
    count(context.sockets.tallies('ws', 'in'), event ?? 'message', data.length)
    if (read === undefined) this.#handOn(message as Message, event, at)
    else context.declared?.got(owner.id, read.receipts, at)
    this.#throttle?.received(data.length)
  }

  pong(roundTrip: Millis): void {
    this.owner.context.recorder.series('ws.round_trip', 'endpoint', 'ping').record(toMicros(roundTrip), false)
  }

  closed(close: SocketClose): void {
    if (this.isOver) return
    const error = close.error ?? new TransportError('SOCKET_CLOSED', `closed: ${close.code} ${close.reason}`.trim())
    if (!this.life.isOpen) {
      if (!this.attemptFailed(error)) this.#comeBack()
      return
    }
    if (close.by === 'us') {
      if (close.error !== undefined) this.life.error(close.error)
      this.gone('closed', undefined, false)
      this.finish()
      return
    }
    this.gone(close.by === 'cut' ? 'cut' : 'lost', close.error, this.#back !== undefined)
    this.listeners.call('close', { code: close.code, reason: close.reason })
    this.#comeBack()
  }

  protected disconnect(): void {
    this.#retry?.cancel()
    this.#connection.close()
  }

  protected override finish(): void {
    this.#retry?.cancel()
    this.#pinging?.cancel()
    super.finish()
    this.#inbox?.end()
  }

  #comeBack(): void {
    const { clock, timeline } = this.owner.context
    const delay = this.#back === undefined ? undefined : backOff(this.#back, this.#attempt++, this.owner.random)
    if (delay === undefined) {
      this.finish()
      return
    }
    this.#retry = timeline.at(millis(clock.now() + (this.#offline ?? delay)), () => {
      if (this.isOver) return
      this.askedAt = clock.now()
      this.#connection = this.#connect()
    })
    this.#offline = undefined
  }

  #connect(): WebSocketConnection {
    return connectWebSocket(this.owner.dialer, this.#url, this.#settings, this)
  }

  #transmit(message: unknown, scheduledAt: Millis, now: Millis): Emitted | undefined {
    const { owner } = this
    const { context } = owner
    if (owner.stopped) throw new UserStopped()
    const data = (this.#options.codec ?? jsonCodec).encode(message as Message)
    this.#connection.send(data)
    const event = this.#eventOf(message as Message)
    count(context.sockets.tallies('ws', 'out'), event ?? 'message', data.length)
    return event === undefined ? undefined : context.declared?.emitted(owner.id, event, message, scheduledAt, now)
  }

  #schedulePing(): void {
    const { ping } = this.#options
    if (ping === undefined) return
    const { clock, timeline } = this.owner.context
    this.#pinging = timeline.at(millis(clock.now() + readTime('ping', ping, seconds(25))), () => {
      if (!this.open) return
      this.ping()
      this.#schedulePing()
    })
  }

  /** Code of the plan's would get the message: then it gets one of its own, which it may change. */
  get #isLookedAt(): boolean {
    const { codec, event } = this.#options
    if (codec !== undefined || event !== undefined || this.#inbox !== undefined || this.early !== undefined) return true
    return this.listeners.has('message') || (this.waiters !== undefined && this.waiters.size > 0)
  }

  #handOn(message: Message, event: string | undefined, at: Millis): void {
    if (this.early !== undefined) {
      this.early.push(() => this.#handOn(message, event, at))
      return
    }
    const { context, id } = this.owner
    this.enter()
    context.readingAt = at
    if (event !== undefined) context.declared?.received(id, event, message, at)
    this.waiters?.offer(message, at)
    this.listeners.call('message', message)
    context.readingAt = millis(0)
    this.#inbox?.put(message)
  }

  #eventOf(message: Message): string | undefined {
    return this.#options.event === undefined ? eventOf(message) : this.#options.event(message)
  }
}
