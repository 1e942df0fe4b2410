import type { Millis } from '../../base/units.ts'
import { parseDuration } from '../../plan/duration.ts'
import type { Http, HttpResponse, Method, RequestOptions } from '../../plan/user.ts'
import { HttpClient } from '../../protocols/http/client.ts'
import type { Dialer } from '../../protocols/http/dialer.ts'
import type { ExchangeObserver } from '../../protocols/http/types.ts'
import type { HttpContext } from './http-context.ts'
import { type Asker, HttpResult, settleRequest } from './http-result.ts'
import { UserStopped } from './stopped.ts'

/** The user that an HTTP client belongs to. */
export interface HttpOwner extends Asker {
  readonly context: HttpContext
  readonly journeyName: string
  readonly stopped: boolean
  /** Set by every request. */
  waited: boolean
  /** The instant that the schedule wanted the next request at, once; 0 for none. */
  takeDue(): Millis
}

/** `user.http`: names the endpoint, hands the request to the user's own client, never throws for what the wire does. */
export class UserHttp implements Http {
  readonly #user: HttpOwner
  readonly #client: HttpClient<HttpResult>

  constructor(user: HttpOwner, observer: ExchangeObserver<HttpResult>, localAddress: string | undefined) {
    this.#user = user
    const { plan, baseUrl, http } = user.context
    this.#client = new HttpClient(plan.http, { baseUrl, localAddress }, http, observer)
  }

  get(url: string, options?: RequestOptions): Promise<HttpResponse> {
    return this.request('GET', url, options)
  }

  post(url: string, options?: RequestOptions): Promise<HttpResponse> {
    return this.request('POST', url, options)
  }

  put(url: string, options?: RequestOptions): Promise<HttpResponse> {
    return this.request('PUT', url, options)
  }

  patch(url: string, options?: RequestOptions): Promise<HttpResponse> {
    return this.request('PATCH', url, options)
  }

  delete(url: string, options?: RequestOptions): Promise<HttpResponse> {
    return this.request('DELETE', url, options)
  }

  head(url: string, options?: RequestOptions): Promise<HttpResponse> {
    return this.request('HEAD', url, options)
  }

  options(url: string, options?: RequestOptions): Promise<HttpResponse> {
    return this.request('OPTIONS', url, options)
  }

  request(method: Method, url: string, options?: RequestOptions): Promise<HttpResponse> {
    const user = this.#user
    if (user.stopped) return Promise.reject(new UserStopped())
    user.waited = true
    const { endpoints } = user.context
    const endpoint = options?.name === undefined ? endpoints.of(method, url) : endpoints.named(options.name)
    const timeout = options?.timeout === undefined ? undefined : parseDuration(options.timeout)
    return new Promise((resolve, reject) => {
      const result = new HttpResult(user, options, endpoint, user.takeDue(), user.journeyName, resolve, reject)
      this.#client.send(method, url, options, result, timeout, settleRequest.resolve, settleRequest.reject)
    })
  }

  /** How this user's other connections are made. */
  get dialer(): Dialer {
    return this.#client.dialer
  }

  abort(reason: string): void {
    this.#client.abort(reason)
  }

  close(): void {
    this.#client.close()
  }
}
