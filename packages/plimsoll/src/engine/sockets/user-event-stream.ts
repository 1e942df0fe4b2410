import { type Millis, millis } from '../../base/units.ts'
import type { Duration } from '../../plan/duration.ts'
import type { AnswerOptions, EventStreamOptions, StreamEvent, UserEventStream } from '../../plan/sockets.ts'
import { TransportError } from '../../protocols/http/exchange.ts'
import { withParams } from '../../protocols/http/target.ts'
import { connectEventStream } from '../../protocols/sse/sse.ts'
import type { EventStreamConnection, EventStreamListener, ServerSentEvent } from '../../protocols/sse/types.ts'
import { Inbox } from './inbox.ts'
import { readTime, socketName } from './options.ts'
import { count } from './socket-book.ts'
import type { SocketOwner } from './socket-owner.ts'
import { UserSocket } from './user-socket.ts'

/** `user.sse`: a stream of server-sent events in the books of its user. */
export class ManagedEventStream extends UserSocket<StreamEvent> implements UserEventStream, EventStreamListener {
  readonly #connection: EventStreamConnection
  #inbox: Inbox<StreamEvent> | undefined
  #isCut = false
  #received = 0

  /** @throws {TypeError} for options that are wrong */
  constructor(owner: SocketOwner, url: string, options: EventStreamOptions) {
    const { context } = owner
    const settings = {
      headers: options.headers ?? {},
      lastEventId: options.lastEventId ?? '',
      connectTimeout: readTime('timeout', options.timeout, context.plan.http.timeout.firstByte),
      reconnect: options.reconnect ?? true,
    }
    super(owner, 'sse', options.name ?? socketName(url))
    const target = options.params === undefined ? url : withParams(url, options.params)
    this.#connection = connectEventStream(owner.dialer, target, settings, this)
  }

  get lastEventId(): string {
    return this.#connection.lastEventId
  }

  on(type: string, listener: (event: StreamEvent) => void): void {
    this.listeners.add(type, listener)
  }

  waitFor(predicate: (event: StreamEvent) => boolean, options?: Duration | AnswerOptions): Promise<StreamEvent> {
    return this.waitForPush(predicate, 'event', options)
  }

  [Symbol.asyncIterator](): AsyncIterator<StreamEvent> {
    this.#inbox ??= new Inbox(this.#connection, () => {
      this.#inbox = undefined
    })
    if (this.isOver) this.#inbox.end()
    return this.#inbox
  }

  drop(offline: Millis | undefined): void {
    this.#isCut = true
    this.#connection.cut(offline)
  }

  takeTraffic(): { readonly sent: number; readonly received: number } {
    const received = this.#received
    this.#received = 0
    return { sent: 0, received }
  }

  opened(askedAt: Millis, openAt: Millis): void {
    if (!this.isOpening) this.askedAt = askedAt
    this.stands(openAt)
  }

  event(event: ServerSentEvent, at: Millis): void {
    if (this.early !== undefined) {
      this.early.push(() => this.event(event, at))
      return
    }
    const { context, id } = this.owner
    context.receiveWait.read(at)
    this.#received += event.data.length
    count(context.sockets.tallies('sse', 'in'), event.type, event.data.length)
    this.enter()
    context.readingAt = at
    if (context.declared !== undefined) context.declared.received(id, event.type, parsed(event.data), at)
    this.waiters?.offer(event, at)
    this.listeners.call(event.type, event)
    context.readingAt = millis(0)
    this.#inbox?.put(event)
  }

  disconnected(error: TransportError | undefined, retryIn: Millis | undefined): void {
    if (this.isOver) return
    if (this.life.isOpen) {
      this.gone(this.#isCut ? 'cut' : 'lost', error, retryIn !== undefined)
      this.#isCut = false
    } else if (this.attemptFailed(error ?? new TransportError('SOCKET_CLOSED', 'the stream ended'))) {
      this.#connection.close()
      return
    }
    if (retryIn === undefined) this.finish()
  }

  protected disconnect(): void {
    this.#connection.close()
    if (this.life.isOpen) this.gone('closed', undefined, false)
  }

  protected override finish(): void {
    super.finish()
    this.#inbox?.end()
  }
}

/** The data of an event for the ledger, whose fields are those of objects. */
function parsed(data: string): unknown {
  try {
    return JSON.parse(data)
  } catch {
    return data
  }
}
