import { type Millis, millis } from '../../base/units.ts'
import { createChannel } from './channel.ts'
import { Cookies } from './cookies.ts'
import type { Dialer } from './dialer.ts'
import { TransportError } from './exchange.ts'
import { followOn } from './follow.ts'
import { type Channel, Hop, type HopOwner, type Refuse, type Settle } from './hop.ts'
import { ClientShared } from './shared.ts'
import { type Origin, type Targets, withParams } from './target.ts'
import type { Answer, ClientIdentity, ClientSettings, ExchangeObserver, RequestInput } from './types.ts'

export { ClientShared }

/** The HTTP client of one virtual user: own connections, own cookies, own source address. */
export class HttpClient<Token> implements HopOwner {
  readonly targets: Targets
  cookies: Cookies | undefined = undefined
  readonly #baseUrl: string
  readonly #localAddress: string | undefined
  readonly #isCarrier: boolean
  readonly #shared: ClientShared
  readonly #observer: ExchangeObserver<Token>
  /** The origin that was asked last, and the way to it: most users know no other. */
  #origin: Origin | undefined
  #channel: Channel | undefined
  /** Those to all origins by their keys, once there are two. */
  #channels: Map<string, Channel> | undefined
  #closed = false

  /** @throws {TransportError} BAD_REQUEST when the settings hold headers that cannot be sent */
  constructor(
    settings: ClientSettings,
    identity: ClientIdentity,
    shared: ClientShared,
    observer: ExchangeObserver<Token>,
  ) {
    this.targets = shared.targets(settings, identity.baseUrl)
    this.#baseUrl = identity.baseUrl
    this.#localAddress = identity.localAddress
    this.#isCarrier = identity.isCarrier === true
    this.#shared = shared
    this.#observer = observer
  }

  /**
   * Asks, and follows redirects. The observer is told of every hop before the promise settles.
   * @param timeout for the whole request, instead of the settings' total
   * @throws {TransportError} by rejection: whatever kept an answer from coming; what `input.receive` threw, as it is
   */
  request(
    method: string,
    url: string,
    input: RequestInput | undefined,
    token: Token,
    timeout?: Millis,
  ): Promise<Answer> {
    return new Promise((resolve, reject) => this.send(method, url, input, token, timeout, resolve, reject))
  }

  /**
   * As `request`, for callers that make a promise of their own: they get their token back beside the outcome, so that
   * two functions serve all their requests.
   */
  send(
    method: string,
    url: string,
    input: RequestInput | undefined,
    token: Token,
    timeout: Millis | undefined,
    resolve: (answer: Answer, token: Token) => void,
    reject: (reason: unknown, token: Token) => void,
  ): void {
    const now = this.#shared.now()
    const hop = new Hop(this, this.#shared.takeSlot(), token, resolve as Settle, reject as Refuse)
    hop.slot.begin(method, url, now, millis(now + (timeout ?? this.targets.settings.timeout.total)))
    this.#enter(hop, now)
    try {
      hop.aim(this.targets.find(method, input?.params === undefined ? url : withParams(url, input.params)))
      if (input !== undefined) hop.readInput(input)
    } catch (error) {
      hop.fail(asTransportError(error))
      return
    }
    this.#submit(hop, now)
  }

  /** How the same user's connections of other protocols are made. */
  get dialer(): Dialer {
    return {
      shared: this.#shared,
      settings: this.targets.settings,
      localAddress: this.#localAddress,
      cookies: (this.cookies ??= new Cookies()),
      baseUrl: this.#baseUrl,
    }
  }

  /** All exchanges under way end with ABORTED, all connections are destroyed. */
  abort(reason: string): void {
    const error = new TransportError('ABORTED', reason)
    if (this.#channels === undefined) this.#channel?.shut(error)
    else for (const channel of this.#channels.values()) channel.shut(error)
  }

  /** As abort; further requests are refused. */
  close(): void {
    this.#closed = true
    this.abort('the user has left')
  }

  ended(hop: Hop, answer: Answer | undefined, error: TransportError | undefined): void {
    const { slot } = hop
    if (slot.end === 0) slot.end = this.#shared.now()
    if (slot.firstByte > 0 && (slot.sendEnd === 0 || slot.sendEnd > slot.firstByte)) slot.sendEnd = slot.firstByte
    if (this.#isCarrier) this.#shared.deadlines.remove(hop)
    else this.#shared.leave(hop, slot.end)
    if (answer === undefined || hop.receivedPlain) {
      this.#settle(hop, answer, error)
      return
    }
    if (hop.setsCookie && this.targets.settings.cookies) {
      this.cookies ??= new Cookies()
      this.cookies.store(answer.headers.getAll('set-cookie'), hop.target.url)
    }
    if (hop.leadsOn(answer.status, hop.hasLocation)) this.#follow(hop, answer)
    else this.#settle(hop, answer, undefined)
  }

  #enter(hop: Hop, now: Millis): void {
    if (this.#isCarrier) this.#shared.deadlines.add(hop)
    else this.#shared.enter(hop, now)
  }

  #settle(hop: Hop, answer: Answer | undefined, error: TransportError | undefined): void {
    this.#report(hop, answer, error)
    if (answer !== undefined) hop.resolve(answer, hop.token)
    else hop.reject(hop.rejection ?? error, hop.token)
  }

  #report(hop: Hop, answer: Answer | undefined, error: TransportError | undefined): void {
    const { slot } = hop
    slot.status = answer?.status ?? 0
    slot.error = error
    this.#observer.finished(slot, answer, hop.token as Token)
    this.#shared.returnSlot(slot)
  }

  #follow(hop: Hop, answer: Answer): void {
    const { totalBy } = hop.slot
    const next = new Hop(this, this.#shared.takeSlot(), hop.token, hop.resolve, hop.reject)
    try {
      followOn(hop, answer, next)
    } catch (error) {
      this.#shared.returnSlot(next.slot)
      this.#settle(hop, undefined, asTransportError(error))
      return
    }
    this.#report(hop, answer, undefined)
    const now = this.#shared.now()
    next.slot.begin(next.target.method, next.target.url, now, totalBy)
    this.#enter(next, now)
    this.#submit(next, now)
  }

  #submit(hop: Hop, now: Millis): void {
    const { origin } = hop.target
    if (!origin.allowed) {
      hop.fail(new TransportError('HOST_NOT_ALLOWED', `${origin.hostname} is not among the hosts that the plan allows`))
    } else if (this.#closed) {
      hop.fail(new TransportError('ABORTED', 'the user has left'))
    } else {
      this.#channelTo(origin).submit(hop, now)
    }
  }

  #channelTo(origin: Origin): Channel {
    const last = this.#channel
    if (last !== undefined && this.#origin === origin) return last
    if (last !== undefined && this.#origin !== undefined) this.#channels ??= new Map([[this.#origin.key, last]])
    const channel = this.#channels?.get(origin.key) ?? this.#openChannel(origin)
    this.#channels?.set(origin.key, channel)
    this.#origin = origin
    this.#channel = channel
    return channel
  }

  #openChannel(origin: Origin): Channel {
    const { settings } = this.targets
    return createChannel({
      shared: this.#shared,
      origin,
      settings,
      localAddress: this.#localAddress,
      session: undefined,
    })
  }
}

const asTransportError = (error: unknown): TransportError =>
  error instanceof TransportError
    ? error
    : new TransportError('BAD_REQUEST', `the request cannot be made: ${(error as Error).message}`, error)
