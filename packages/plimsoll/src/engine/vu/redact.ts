/** Names of headers, query parameters and JSON or form fields whose values never leave the engine. */
const secretName =
  /^(proxy-)?authorization$|^(set-)?cookie2?$|token|secret|passw(or)?d|passphrase|api[-_]?key|session|signature|credential/i

export const REMOVED = '[removed]'

const MAX_TEXT = 1024
const MAX_HEADERS = 40
/** Enough to see what kind of body it is. */
const MAX_READ = 64 * 1024

/** Makes examples fit to be shown: what sounds secret, and what the plan marked as secret, is taken out. */
export class Redactor {
  readonly #secrets: readonly string[]

  /** @param secrets values that are removed wherever they appear, as they are or as URLs, forms and JSON write them */
  constructor(secrets: readonly string[] = []) {
    const written = secrets.filter((secret) => secret !== '').flatMap(writings)
    this.#secrets = [...new Set(written)].sort((a, b) => b.length - a.length)
  }

  headers(headers: Iterable<readonly [string, string]>): (readonly [string, string])[] {
    const kept: (readonly [string, string])[] = []
    for (const [name, value] of headers) {
      if (kept.length === MAX_HEADERS) break
      kept.push([name, secretName.test(name) ? REMOVED : this.#cut(value)])
    }
    return kept
  }

  /** Drops the user and password of a URL, and the values of query parameters that sound secret. */
  url(text: string): string {
    let url: URL
    try {
      url = new URL(text)
    } catch {
      return this.#cut(text.replace(/\/\/[^/@]*@/, '//'))
    }
    url.username = ''
    url.password = ''
    for (const name of [...url.searchParams.keys()]) {
      if (secretName.test(name)) url.searchParams.set(name, REMOVED)
    }
    return this.#cut(url.href)
  }

  /** What an error says: it may name a URL. */
  message(text: string): string {
    return this.#cut(text.replace(/\bhttps?:\/\/[^\s"'<>]+/g, (url) => this.url(url)))
  }

  /** The beginning of a body for a person to read; bytes that are not text are named as such. */
  body(body: string | Uint8Array | undefined): string | undefined {
    if (body === undefined || body.length === 0) return undefined
    if (typeof body !== 'string') {
      const head = body.subarray(0, MAX_READ)
      return head.includes(0) ? `[${body.length} bytes]` : this.body(new TextDecoder().decode(head))
    }
    const text = body
      .slice(0, MAX_READ)
      .replace(/("([^"\\]{1,100})"\s*:\s*)("(?:[^"\\]|\\.)*"?|[^\s,}\]]+)/g, (whole, head: string, name: string) =>
        secretName.test(name) ? `${head}"${REMOVED}"` : whole,
      )
      .replace(/(^|&)([^=&\s]{1,100})=([^&\s]*)/g, (whole, before: string, name: string) =>
        secretName.test(name) ? `${before}${name}=${REMOVED}` : whole,
      )
    return this.#cut(text)
  }

  /** Removes before it cuts, so that a cut never leaves half a secret. */
  #cut(text: string): string {
    let clean = text
    for (const secret of this.#secrets) clean = clean.replaceAll(secret, REMOVED)
    return clean.length > MAX_TEXT ? `${clean.slice(0, MAX_TEXT)}…` : clean
  }
}

/** Of one text: bare, in a path, in a query (whose apostrophes a URL escapes too), in a form, in a JSON string. */
function writings(text: string): string[] {
  const part = encodeURIComponent(text)
  const form = new URLSearchParams([['', text]]).toString().slice(1)
  return [text, encodeURI(text), part, part.replaceAll("'", '%27'), form, JSON.stringify(text).slice(1, -1)]
}
