import type { Bytes, Millis } from '../../base/units.ts'
import type { Exchange } from './exchange.ts'

/** What one HTTP client (one virtual user) is told once. Structurally the plan's `http` settings. */
export interface ClientSettings {
  readonly version: 1 | 2 | 'auto'
  readonly timeout: { readonly connect: Millis; readonly firstByte: Millis; readonly total: Millis }
  readonly headers: Readonly<Record<string, string>>
  readonly redirects: number
  readonly connections: number
  readonly keepAlive: boolean
  readonly decompress: boolean
  readonly maxBody: number
  readonly maxHeaders: number
  readonly cookies: boolean
  readonly tls: {
    readonly ca: string | undefined
    readonly cert: string | undefined
    readonly key: string | undefined
    readonly passphrase: string | undefined
    readonly servername: string | undefined
    readonly rejectUnauthorized: boolean
  }
  readonly socketPath: string | undefined
}

/** What one client has of its own. */
export interface ClientIdentity {
  /** Relative URLs are resolved against this. */
  readonly baseUrl: string
  readonly localAddress: string | undefined
  /** Its exchanges carry another protocol, waiting for as long as that likes: they are no requests under way. */
  readonly isCarrier?: boolean
}

/** A file of a multipart form, or a whole body read from disk while it is sent. */
export interface FileBody {
  readonly kind: 'file'
  readonly path: string
  readonly type?: string
  readonly name?: string
}

/** One request as its caller states it; structurally the plan's request options, with method and URL. */
export interface RequestInput {
  json?: unknown
  form?: Readonly<Record<string, string | number | boolean | FileBody | Uint8Array>>
  multipart?: boolean
  body?: string | Uint8Array | FileBody | AsyncIterable<Uint8Array>
  headers?: Readonly<Record<string, string>>
  params?: Readonly<Record<string, string | number | boolean | null | undefined>>
  auth?: { readonly username: string; readonly password: string } | { readonly bearer: string }
  redirects?: number
  receive?: 'buffer' | 'discard' | ((piece: Uint8Array) => void | Promise<void>)
  /** Told of the final answer's head, before the first piece, when `receive` is a function. What it throws ends the exchange. */
  answered?: (answer: Answer) => void
}

/**
 * Told of every exchange that ended, well or not, one call per hop, before the request's promise settles. `exchange`
 * is a reused slot. `token` is what the caller of `request` gave; `response` is undefined when the exchange failed.
 */
export interface ExchangeObserver<Token> {
  finished(exchange: Exchange, response: Answer | undefined, token: Token): void
}

/** An answer whose headers are parsed when first asked for, and whose body becomes text or JSON when first read. */
export interface Answer {
  readonly status: number
  readonly url: string
  readonly headers: {
    get(name: string): string | undefined
    getAll(name: string): readonly string[]
    has(name: string): boolean
    entries(): readonly (readonly [string, string])[]
  }
  /** Content codings undone; empty after `discard` or a function. */
  readonly body: Uint8Array
  /** As it came over the wire, before decoding. */
  readonly bodyLength: Bytes
  text(): string
  json<T = unknown>(): T
}
