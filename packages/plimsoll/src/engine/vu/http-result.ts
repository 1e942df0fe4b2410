import { bytes, type Millis, micros, toMillis } from '../../base/units.ts'
import type { HttpFailure, HttpResponse, RequestOptions, ResponseHeaders, Timings } from '../../plan/user.ts'
import { TransportError } from '../../protocols/http/exchange.ts'
import type { Answer } from '../../protocols/http/types.ts'
import type { EndpointSeries } from './endpoints.ts'

const noHeaders: ResponseHeaders = { get: () => undefined, getAll: () => [], has: () => false, entries: () => [] }
const noBody = new Uint8Array(0)

/** What an exchange has to know of the user that asked for it. */
export interface Asker {
  readonly id: number
  readonly journeyIndex: number
  readonly tags: Readonly<Record<string, string>> | undefined
}

/**
 * One request of a journey from the call to the answer. It travels through the HTTP client as the token that tells
 * the observer whose exchange ended, and is then handed to the journey as its response: one object for both.
 */
export class HttpResult implements HttpResponse {
  readonly user: Asker
  readonly options: RequestOptions | undefined
  /** The endpoint of the first hop; a redirect's next hop is named by its own URL. */
  readonly endpoint: EndpointSeries
  /** When the plan's schedule wanted this request; 0 when it was simply the journey's next line. */
  readonly scheduledAt: Millis
  readonly journey: string
  hops = 0
  status = 0
  ok = false
  error: HttpFailure | undefined
  #answer: Answer | undefined
  /**
   * Phases of the last hop, in whole microseconds: small integers are kept in place, where fractions of milliseconds
   * would each be an object of their own.
   */
  blockedUs = 0
  connectUs = 0
  tlsUs = 0
  sendUs = 0
  waitUs = 0
  receiveUs = 0
  totalUs = 0
  readonly #settle: (result: HttpResult) => void
  readonly #refuse: (reason: unknown) => void

  constructor(
    user: Asker,
    options: RequestOptions | undefined,
    endpoint: EndpointSeries,
    scheduledAt: Millis,
    journey: string,
    settle: (result: HttpResult) => void,
    refuse: (reason: unknown) => void,
  ) {
    this.user = user
    this.options = options
    this.endpoint = endpoint
    this.scheduledAt = scheduledAt
    this.journey = journey
    this.#settle = settle
    this.#refuse = refuse
  }

  /** The last hop's answer is there. */
  arrived(answer: Answer): void {
    this.#answer = answer
    this.#settle(this)
  }

  /** No answer will come. What the wire did is part of the result; anything else is the plan's own, and thrown. */
  broke(reason: unknown): void {
    if (reason instanceof TransportError) {
      this.status = 0
      this.ok = false
      this.error = reason
      this.#settle(this)
    } else {
      this.#refuse(reason)
    }
  }

  get url(): string {
    return this.#answer?.url ?? ''
  }

  get headers(): ResponseHeaders {
    return this.#answer?.headers ?? noHeaders
  }

  get body(): Uint8Array {
    return this.#answer?.body ?? noBody
  }

  get bodyLength() {
    return this.#answer?.bodyLength ?? bytes(0)
  }

  get timings(): Timings {
    return {
      blocked: toMillis(micros(this.blockedUs)),
      connect: toMillis(micros(this.connectUs)),
      tls: toMillis(micros(this.tlsUs)),
      send: toMillis(micros(this.sendUs)),
      wait: toMillis(micros(this.waitUs)),
      receive: toMillis(micros(this.receiveUs)),
      total: toMillis(micros(this.totalUs)),
    }
  }

  text(): string {
    return this.#answer?.text() ?? ''
  }

  json<T = unknown>(): T {
    if (this.#answer === undefined) throw new SyntaxError(`no body to read: ${this.error?.message ?? 'no answer came'}`)
    return this.#answer.json<T>()
  }
}

/** How the client settles a request whose token is its result: without a closure for each. */
export const settleRequest = {
  resolve: (answer: Answer, result: HttpResult): void => result.arrived(answer),
  reject: (reason: unknown, result: HttpResult): void => result.broke(reason),
}
