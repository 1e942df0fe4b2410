import type { Millis } from '../base/units.ts'
import type { Duration } from './duration.ts'
import type {
  Delivery,
  EventStreamOptions,
  SocketIoOptions,
  UserEventStream,
  UserSocketIo,
  UserWebSocket,
  WebSocketOptions,
} from './sockets.ts'

/** What plan code sees while it runs: the virtual user, its HTTP client, and the answers it gets. */

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'HEAD' | 'OPTIONS' | (string & {})

export type Query = Readonly<Record<string, string | number | boolean | null | undefined>>

/** A file of a multipart form or a whole body read from disk while it is sent; made by `file(path)`. */
export interface FileBody {
  readonly kind: 'file'
  readonly path: string
  readonly type?: string
  readonly name?: string
}

export type FormValue = string | number | boolean | FileBody | Uint8Array

/** Milliseconds of each phase of one exchange; a phase that did not happen (a kept-alive connection) is 0. */
export interface Timings {
  /** From the instant the exchange was scheduled to the instant a connection was free for it. */
  readonly blocked: Millis
  readonly connect: Millis
  readonly tls: Millis
  readonly send: Millis
  /** From the last byte sent to the first byte received. */
  readonly wait: Millis
  readonly receive: Millis
  /** Response time: from the scheduled instant to the last byte received. */
  readonly total: Millis
}

export interface RequestOptions {
  /** Sent as JSON, with its content type. */
  json?: unknown
  /** Sent URL-encoded; as multipart when a value is a file or bytes, or when `multipart` is true. */
  form?: Readonly<Record<string, FormValue>>
  multipart?: boolean
  body?: string | Uint8Array | FileBody | AsyncIterable<Uint8Array>
  headers?: Readonly<Record<string, string>>
  /** Added to the URL's query; not part of the endpoint's name. */
  params?: Query
  /** For the whole exchange, redirects included. */
  timeout?: Duration
  /** The endpoint's name in reports, instead of method and path. */
  name?: string
  tags?: Readonly<Record<string, string>>
  auth?: { readonly username: string; readonly password: string } | { readonly bearer: string }
  /** Statuses that count as success; default: 100 to 399. */
  expect?: number | readonly number[] | ((status: number) => boolean)
  /** How many redirects to follow; 0 returns the redirect itself. Default 10. */
  redirects?: number
  /** `discard` counts the bytes and keeps none; a function gets each decoded piece and is waited for. */
  receive?: 'buffer' | 'discard' | ((piece: Uint8Array) => void | Promise<void>)
}

/** Why an exchange has no usable answer: a stable code and a sentence. */
export interface HttpFailure {
  readonly code: string
  readonly message: string
}

export interface ResponseHeaders {
  /** The value of a header, names compared without case; several values are joined with ", ". */
  get(name: string): string | undefined
  /** Each value on its own: for `set-cookie`. */
  getAll(name: string): readonly string[]
  has(name: string): boolean
  entries(): readonly (readonly [name: string, value: string])[]
}

/** An answer. When the exchange failed on the way, `status` is 0 and `error` says why; nothing is thrown. */
export interface HttpResponse {
  readonly status: number
  readonly ok: boolean
  /** The URL that answered, after redirects. */
  readonly url: string
  readonly headers: ResponseHeaders
  readonly timings: Timings
  readonly error: HttpFailure | undefined
  /** The decoded body; empty after `discard`. */
  readonly body: Uint8Array
  text(): string
  /** @throws {SyntaxError} when the body is not JSON; the message shows where and the body's beginning. */
  json<T = unknown>(): T
}

export interface Http {
  get(url: string, options?: RequestOptions): Promise<HttpResponse>
  post(url: string, options?: RequestOptions): Promise<HttpResponse>
  put(url: string, options?: RequestOptions): Promise<HttpResponse>
  patch(url: string, options?: RequestOptions): Promise<HttpResponse>
  delete(url: string, options?: RequestOptions): Promise<HttpResponse>
  head(url: string, options?: RequestOptions): Promise<HttpResponse>
  options(url: string, options?: RequestOptions): Promise<HttpResponse>
  request(method: Method, url: string, options?: RequestOptions): Promise<HttpResponse>
}

/** Seeded: the same seed, user and calls give the same values in every run. */
export interface Random {
  /** A real number in [0, 1). */
  (): number
  /** A whole number from `min` to `max`, both included. */
  integer(min: number, max: number): number
  pick<T>(items: readonly T[]): T
  chance(probability: number): boolean
  string(length: number): string
  uuid(): string
}

/** Rows for users: made by `feeder()`, read by `user.feed()`. */
export interface Feeder<Row> {
  readonly kind: 'feeder'
  /** Counts the plan's feeders from 0, in the order they are made: the same in every worker. */
  readonly id: number
  /** The file's name, or `feeder 1`, for messages. */
  readonly name: string
  readonly rows: readonly Row[]
  /**
   * `shared`: each row is dealt once, to whichever user asks next · `sequential`: every user walks from the first row ·
   * `random`: drawn by the user's own random numbers · `unique`: one row for each user, who keeps it.
   */
  readonly order: 'shared' | 'sequential' | 'random' | 'unique'
  /** When no row is left: the asking user ends, rows are dealt again from the first, or the iteration fails. */
  readonly dry: 'stop' | 'repeat' | 'fail'
}

export type Checks<T> = Readonly<Record<string, (subject: T) => unknown>>

/**
 * One virtual user: own cookies, connections, state and randomness.
 * @typeParam Data what the plan's `setup` returned
 */
export interface User<Data = unknown> {
  /** Unique in the run, from 1. */
  readonly id: number
  /** Position within its load shape, from 0. */
  readonly index: number
  /** Yours: kept from iteration to iteration. */
  // biome-ignore lint/suspicious/noExplicitAny: a plan's own scratch space; typing it would tax every small plan
  readonly state: Record<string, any>
  readonly http: Http
  /**
   * Opens a WebSocket: `ws://…`, or a path of the system's URL.
   * @throws {SocketFailure} by rejection, when it cannot be opened
   */
  ws<Message = unknown>(url: string, options?: WebSocketOptions<Message>): Promise<UserWebSocket<Message>>
  /**
   * Opens a Socket.IO socket. As with the official client, the URL's path is the namespace; `'/'` is the system's URL.
   * @throws {SocketFailure} by rejection, when it cannot be opened
   */
  io(url: string, options?: SocketIoOptions): Promise<UserSocketIo>
  /**
   * Opens a stream of server-sent events.
   * @throws {SocketFailure} by rejection, when it cannot be opened
   */
  sse(url: string, options?: EventStreamOptions): Promise<UserEventStream>
  /** The account of one kind of message: who should have got it, and who did. */
  delivery(event: string): Delivery
  readonly random: Random
  /** What `setup` returned, handed to every user. */
  readonly data: Data
  /** Counts each named claim about `subject` as passed or failed; true when all passed. Never throws. */
  check<T>(subject: T, checks: Checks<T>): boolean
  /** Times a part of the journey under a name; what it throws goes through. */
  step<T>(name: string, body: () => T | Promise<T>): Promise<T>
  /** Waits; a range such as `'1s..3s'` is drawn evenly. Ends early, quietly, when the run stops. */
  sleep(duration: Duration | ThinkTime): Promise<void>
  /** A string that no other user, iteration, worker or run gets: `capture-…`. */
  unique(prefix?: string): string
  /** The next row of a feeder, by the feeder's order. */
  feed<Row>(feeder: Feeder<Row>): Row
}

/** `'1s'`, `'1s..3s'`, or one of the distributions made by `uniform`, `normal`, `exponential`, `constant`. */
export type ThinkTime = Duration | `${string}..${string}` | ThinkDistribution

export type ThinkDistribution =
  | { readonly kind: 'constant'; readonly value: Millis }
  | { readonly kind: 'uniform'; readonly min: Millis; readonly max: Millis }
  | { readonly kind: 'normal'; readonly mean: Millis; readonly deviation: Millis }
  | { readonly kind: 'exponential'; readonly mean: Millis }
