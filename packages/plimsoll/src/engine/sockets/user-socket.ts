import { type Millis, millis } from '../../base/units.ts'
import type { Duration } from '../../plan/duration.ts'
import type { AnswerOptions, CutOptions } from '../../plan/sockets.ts'
import { TransportError } from '../../protocols/http/exchange.ts'
import type { SocketProtocol } from '../../record/events.ts'
import { UserStopped } from '../vu/stopped.ts'
import { Listeners } from './listeners.ts'
import type { ManagedSocket } from './managed-socket.ts'
import { ANSWER_TIMEOUT, readTime } from './options.ts'
import { type Loss, SocketLife } from './socket-life.ts'
import { asUser, type SocketOwner } from './socket-owner.ts'
import { type Wait, Waiters } from './waiters.ts'

const done = Promise.resolve()

interface Opening<Socket> {
  readonly resolve: (socket: Socket) => void
  readonly reject: (reason: unknown) => void
}

/**
 * What a user's sockets of all protocols have in common: the promise of the first connection, coming back after a cut,
 * the end. Subclasses carry the protocol, and say what happens to it.
 */
export abstract class UserSocket<Message> implements ManagedSocket {
  readonly owner: SocketOwner
  protected readonly life: SocketLife
  protected readonly listeners: Listeners
  /** When the present attempt was asked for; the first one may have been due earlier. */
  protected askedAt: Millis
  protected waiters: Waiters<Message> | undefined
  /**
   * What came in the turn in which the first connection stood, with the handshake's answer: the plan has not run since, so
   * nobody can have asked for it. It is told when the turn has ended; undefined before and after.
   */
  protected early: (() => void)[] | undefined
  #opening: Opening<this> | undefined
  #returned: (() => void)[] = []
  #isOver = false

  constructor(owner: SocketOwner, protocol: SocketProtocol, name: string) {
    const { context } = owner
    this.owner = owner
    this.life = new SocketLife(context, owner.id, protocol, name)
    this.listeners = new Listeners(owner)
    const due = owner.takeDue()
    this.askedAt = due > 0 ? due : context.clock.now()
    context.declared?.connecting(asUser(owner), this.askedAt)
    context.openSockets.add(this)
    owner.attach(this)
  }

  abstract drop(offline: Millis | undefined): void
  abstract takeTraffic(): { readonly sent: number; readonly received: number }
  /** Ends the connection politely, or gives the attempt up. */
  protected abstract disconnect(): void

  get user(): number {
    return this.owner.id
  }

  get open(): boolean {
    return this.life.isOpen
  }

  /** Settles when it stands. @throws {TransportError} by rejection */
  opening(): Promise<this> {
    return new Promise((resolve, reject) => {
      this.#opening = { resolve, reject }
    })
  }

  close(): void {
    this.disconnect()
    if (this.life.isOpen) return
    this.life.leave()
    this.finish()
  }

  cut({ offline }: CutOptions = {}): Promise<void> {
    const away = offline === undefined ? undefined : readTime('offline', offline, millis(0))
    // What was due is the cut: the time away is not waited for by whatever comes next.
    this.owner.takeDue()
    if (!this.life.isOpen) return done
    this.drop(away)
    return this.#isOver ? done : new Promise((resolve) => this.#returned.push(resolve))
  }

  end(error: Error): void {
    if (this.#isOver) return
    this.waiters?.fail(error)
    this.#opening?.reject(error)
    this.#opening = undefined
    this.disconnect()
    // Nobody waits for the peer's answer to a polite close.
    this.life.gone(this.owner.context.clock.now(), 'closed', false)
    this.finish()
  }

  protected get isOver(): boolean {
    return this.#isOver
  }

  /** The first connection has not stood yet. */
  protected get isOpening(): boolean {
    return this.#opening !== undefined
  }

  /** The connection stands; true when it is the first one. */
  protected stands(at: Millis, recovered?: boolean): boolean {
    const opening = this.#opening
    this.life.opened(this.askedAt, at, opening === undefined ? recovered : undefined)
    this.enter()
    if (opening === undefined) {
      for (const resolve of this.#returned.splice(0)) resolve()
      return false
    }
    this.#opening = undefined
    const { owner } = this
    owner.context.declared?.connected(asUser(owner), at)
    const early: (() => void)[] = []
    this.early = early
    owner.context.clock.soon(() => {
      this.early = undefined
      for (const tell of early) tell()
    })
    opening.resolve(this)
    return true
  }

  /** An attempt failed; true when it was the first one, and with it the socket. */
  protected attemptFailed(error: TransportError): boolean {
    const { context } = this.owner
    const now = context.clock.now()
    this.life.failed(this.askedAt, now, error)
    const opening = this.#opening
    if (opening === undefined) return false
    this.#opening = undefined
    context.declared?.connected(asUser(this.owner), now)
    opening.reject(error)
    this.finish()
    return true
  }

  /** The connection that stood is gone. */
  protected gone(how: Loss, error: TransportError | undefined, comesBack: boolean): void {
    this.life.gone(this.owner.context.clock.now(), how, comesBack)
    if (error !== undefined && how === 'lost') this.life.error(error)
    this.waiters?.fail(error ?? new TransportError('SOCKET_CLOSED', `the ${this.life.protocol} connection was ${how}`))
    this.enter()
  }

  protected finish(): void {
    if (this.#isOver) return
    this.#isOver = true
    const { owner } = this
    const { clock, openSockets, traffic } = owner.context
    this.life.over(clock.now())
    openSockets.delete(this)
    owner.detach(this)
    const { sent, received } = this.takeTraffic()
    traffic.sent += sent
    traffic.received += received
    this.waiters?.fail(new TransportError('SOCKET_CLOSED', 'the socket is closed'))
    for (const resolve of this.#returned.splice(0)) resolve()
  }

  /** @throws {TransportError} by rejection */
  protected wait(wait: Wait<Message>): Promise<Message> {
    const { owner } = this
    if (owner.stopped) return Promise.reject(new UserStopped())
    owner.waited = true
    if (this.#isOver) return Promise.reject(new TransportError('SOCKET_CLOSED', `${wait.name}: the socket is closed`))
    this.waiters ??= new Waiters(owner.context)
    return this.waiters.wait(wait)
  }

  /**
   * Waits for a message that the server sends by itself.
   * @param what names it where the options do not
   * @throws {TransportError} by rejection; TypeError for options that are wrong
   */
  protected async waitForPush(
    wants: (message: Message) => boolean,
    what: string,
    options: Duration | AnswerOptions | undefined,
  ): Promise<Message> {
    const { timeout, name = what } = typeof options === 'object' ? options : { timeout: options }
    const { clock, recorder } = this.owner.context
    return this.wait({
      wants,
      timeout: readTime('timeout', timeout, ANSWER_TIMEOUT),
      since: clock.now(),
      series: recorder.series('push.wait_time', 'endpoint', name),
      name: `wait ${name}`,
      onTimeout: 'TIMEOUT_MESSAGE',
    })
  }

  /** Plan code runs next: should it loop, it is known whose it is. */
  protected enter(): void {
    const { context, journeyIndex, id } = this.owner
    context.pulse.enter(journeyIndex, id)
  }
}
