import { bytes, type Millis, millis } from '../../base/units.ts'
import type { HttpFailure, HttpResponse, RequestOptions, ResponseHeaders, Timings } from '../../plan/user.ts'
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
  // Instants of the last hop, copied from the client's reused slot.
  blockedMs = 0
  connectMs = 0
  tlsMs = 0
  sendMs = 0
  waitMs = 0
  receiveMs = 0
  totalMs = 0

  constructor(
    user: Asker,
    options: RequestOptions | undefined,
    endpoint: EndpointSeries,
    scheduledAt: Millis,
    journey: string,
  ) {
    this.user = user
    this.options = options
    this.endpoint = endpoint
    this.scheduledAt = scheduledAt
    this.journey = journey
  }

  arrived(answer: Answer): this {
    this.#answer = answer
    return this
  }

  broke(failure: HttpFailure): this {
    this.status = 0
    this.ok = false
    this.error = failure
    return this
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
      blocked: millis(this.blockedMs),
      connect: millis(this.connectMs),
      tls: millis(this.tlsMs),
      send: millis(this.sendMs),
      wait: millis(this.waitMs),
      receive: millis(this.receiveMs),
      total: millis(this.totalMs),
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
