import { TransportError } from './exchange.ts'
import { type Fields, fieldLines, isToken, readFields, withoutCredentials } from './fields.ts'
import type { ClientSettings } from './types.ts'

export interface Origin {
  /** `http://host:port`, without a default port. */
  readonly key: string
  readonly secure: boolean
  /** Without the brackets of an IPv6 address. */
  readonly hostname: string
  readonly port: number
  /** What `host` and `:authority` say. */
  readonly authority: string
  readonly allowed: boolean
}

/** Everything about a request that method and URL decide. */
export interface Target {
  readonly method: string
  /** Absolute, without fragment and credentials. */
  readonly url: string
  readonly origin: Origin
  /** Path and query. */
  readonly path: string
  /** From credentials in the URL. */
  readonly authorization: string | undefined
  /** Request line and the fields of every request, without the blank line. */
  readonly lines: string
  /** The whole head of a request with nothing of its own. */
  readonly head: string
}

/** URLs made from ids are without number: what is remembered is cut here and begun again. */
const MAX_TARGETS = 4096
const MAX_ORIGINS = 1024

/** What all clients with the same settings and base URL share: parsed URLs, ready-made heads. */
export class Targets {
  readonly settings: ClientSettings
  /** Fields of every request, but for the host. */
  readonly common: Fields
  readonly commonPublic: Fields
  readonly #baseUrl: string
  readonly #allowHost: (hostname: string) => boolean
  readonly #commonLines: string
  readonly #byMethod = new Map<string, Map<string, Target>>()
  readonly #origins = new Map<string, Origin>()

  constructor(settings: ClientSettings, baseUrl: string, allowHost: (hostname: string) => boolean) {
    this.settings = settings
    this.#baseUrl = baseUrl
    this.#allowHost = allowHost
    const common = new Map([['user-agent', 'plimsoll'], ['accept', '*/*'], ...readFields(settings.headers)])
    if (!settings.keepAlive) common.set('connection', 'close')
    this.common = common
    this.commonPublic = withoutCredentials(common)
    this.#commonLines = fieldLines(common)
  }

  /** @throws {TransportError} BAD_REQUEST for a method or URL that cannot be asked for */
  find(method: string, url: string): Target {
    let byUrl = this.#byMethod.get(method)
    if (byUrl === undefined) {
      if (!isToken(method) || method === 'CONNECT')
        throw badRequest(`cannot send a request with method ${JSON.stringify(method)}`)
      byUrl = new Map()
      this.#byMethod.set(method, byUrl)
    }
    let target = byUrl.get(url)
    if (target === undefined) {
      target = this.#make(method, url)
      if (byUrl.size >= MAX_TARGETS) byUrl.clear()
      byUrl.set(url, target)
    }
    return target
  }

  #make(method: string, text: string): Target {
    const url = parseUrl(text, this.#baseUrl)
    const origin = this.#origin(url)
    const authorization = url.username === '' && url.password === '' ? undefined : basicOf(url)
    const path = url.pathname + url.search
    const requestLine = `${method} ${path} HTTP/1.1\r\n`
    const host = this.common.has('host') ? '' : `host: ${origin.authority}\r\n`
    const lines = requestLine + host + this.#commonLines
    const head = needsLength(method) ? `${lines}content-length: 0\r\n\r\n` : `${lines}\r\n`
    return { method, url: origin.key + path, origin, path, authorization, lines, head }
  }

  #origin(url: URL): Origin {
    const key = `${url.protocol}//${url.host}`
    let origin = this.#origins.get(key)
    if (origin === undefined) {
      const secure = url.protocol === 'https:'
      const hostname = url.hostname.replace(/^\[|\]$/g, '')
      const port = url.port === '' ? (secure ? 443 : 80) : Number(url.port)
      origin = { key, secure, hostname, port, authority: url.host, allowed: this.#allowHost(hostname) }
      if (this.#origins.size >= MAX_ORIGINS) this.#origins.clear()
      this.#origins.set(key, origin)
    }
    return origin
  }
}

/** Methods whose requests say that they have no body when they have none (RFC 9110 §8.6). */
export const needsLength = (method: string): boolean => method === 'POST' || method === 'PUT' || method === 'PATCH'

/** @throws {TransportError} BAD_REQUEST */
export function parseUrl(text: string, base: string): URL {
  if (!URL.canParse(text, base)) throw badRequest(`${JSON.stringify(text)} is no URL, and no path below ${base}`)
  const url = new URL(text, base)
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw badRequest(`${JSON.stringify(text)} is neither an http nor an https URL`)
  }
  return url
}

/** The URL with a query of its own added to the one it has; null and undefined values are left out. */
export function withParams(
  url: string,
  params: Readonly<Record<string, string | number | boolean | null | undefined>>,
): string {
  const query = new URLSearchParams()
  for (const name in params) {
    const value = params[name]
    if (value !== null && value !== undefined) query.append(name, String(value))
  }
  if (query.size === 0) return url
  const [address = ''] = url.split('#', 1)
  return `${address}${address.includes('?') ? '&' : '?'}${query}`
}

/** Basic credentials, in UTF-8 (RFC 7617). */
export const basicAuth = (username: string, password: string): string =>
  `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`

const basicOf = (url: URL) => basicAuth(percentDecoded(url.username), percentDecoded(url.password))

/** A URL may hold a percent sign that begins nothing: it stands for itself. */
function percentDecoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

const badRequest = (message: string) => new TransportError('BAD_REQUEST', message)
