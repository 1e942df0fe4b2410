import { Cookie, CookieJar } from 'tough-cookie'

/** A user walks over few URLs at a time; the memory of what to send is cut here and begun again. */
const MAX_REMEMBERED = 64

/**
 * One user's cookies (RFC 6265, by tough-cookie). Finding those of a URL costs as much as the whole rest of a request,
 * so the answer is remembered until a cookie is set or the first of them expires.
 */
export class Cookies {
  /** Most users never have any, and a jar is not small. */
  #jar: CookieJar | undefined
  readonly #remembered = new Map<string, { readonly header: string; readonly until: number }>()

  /** Takes what a response set. A cookie that its server may not set, or that is none, is ignored as browsers do. */
  store(setCookies: readonly string[], url: string): void {
    const jar = (this.#jar ??= new CookieJar(undefined, { rejectPublicSuffixes: false }))
    for (const text of setCookies) {
      const cookie = Cookie.parse(text)
      if (cookie !== undefined) jar.setCookieSync(fixExpiry(cookie), url, { ignoreError: true })
    }
    this.#remembered.clear()
  }

  /** The value of the `cookie` header; empty when there is nothing to send. */
  headerFor(url: string): string {
    if (this.#jar === undefined) return ''
    const known = this.#remembered.get(url)
    if (known !== undefined && known.until > Date.now()) return known.header
    const cookies = this.#jar.getCookiesSync(url)
    const header = cookies.map((cookie) => cookie.cookieString()).join('; ')
    const until = cookies.reduce((first, cookie) => Math.min(first, cookie.expiryTime() ?? 0), Number.POSITIVE_INFINITY)
    if (this.#remembered.size >= MAX_REMEMBERED) this.#remembered.clear()
    this.#remembered.set(url, { header, until })
    return header
  }
}

/** tough-cookie 6 counts Max-Age from a cookie's last use, so one in use would never expire; Expires stands still. */
function fixExpiry(cookie: Cookie): Cookie {
  const { maxAge } = cookie
  if (typeof maxAge === 'number') {
    cookie.expires = new Date(maxAge > 0 ? Math.min(Date.now() + maxAge * 1000, 8.64e15) : 0)
    cookie.maxAge = null
  }
  return cookie
}
