import { type Bytes, bytes } from '../../base/units.ts'
import { decodeBody } from './decode.ts'
import { TransportError } from './exchange.ts'
import type { Answer } from './types.ts'

/** Names in lower case, in the order in which they came. */
export type HeaderPairs = readonly (readonly [name: string, value: string])[]

const empty = Buffer.alloc(0)

/**
 * A final response. What it says is kept as it came, and made into headers and text when somebody asks. `content` is the message in octets:
 * a buffer, or, for small ones, text of one character an octet, which costs less to make and to let go.
 */
export class ReceivedAnswer implements Answer {
  readonly status: number
  readonly url: string
  readonly #pairs: HeaderPairs | undefined
  readonly #content: Buffer | string
  readonly #bodyStart: number
  readonly #bodyEnd: number
  readonly #wireLength: number
  readonly #maxDecoded: number
  #headers: AnswerHeaders | undefined
  #body: Buffer | undefined

  /**
   * @param pairs the header, when `content` does not begin with it (HTTP/2)
   * @param wireLength octets of the body as it came, also of one that was not kept
   * @param maxDecoded content codings are undone up to this many bytes; 0 leaves the body as it came
   */
  constructor(
    status: number,
    url: string,
    pairs: HeaderPairs | undefined,
    content: Buffer | string,
    bodyStart: number,
    bodyEnd: number,
    wireLength: number,
    maxDecoded: number,
  ) {
    this.status = status
    this.url = url
    this.#pairs = pairs
    this.#content = content
    this.#bodyStart = bodyStart
    this.#bodyEnd = bodyEnd
    this.#wireLength = wireLength
    this.#maxDecoded = maxDecoded
  }

  get headers(): AnswerHeaders {
    return (this.#headers ??= new AnswerHeaders(this.#pairs ?? readPairs(this.#head())))
  }

  /**
   * Undoes the content codings; what keeps that from working is the exchange's failure, so this comes before anybody
   * is told of an answer, and reading the body later never throws.
   */
  decode(): TransportError | undefined {
    if (this.#maxDecoded === 0) return undefined
    try {
      this.#body = this.#readBody()
      return undefined
    } catch (error) {
      if (error instanceof TransportError) return error
      throw error
    }
  }

  get body(): Buffer {
    return (this.#body ??= this.#readBody())
  }

  /** Octets of the body as it came over the wire, before decoding. */
  get bodyLength(): Bytes {
    return bytes(this.#wireLength)
  }

  text(): string {
    if (this.#bodyStart === this.#bodyEnd) return ''
    const charset = /;\s*charset\s*=\s*"?([^\s;"]+)/i.exec(this.headers.get('content-type') ?? '')?.[1]
    if (charset === undefined || /^utf-?8$/i.test(charset)) return this.#utf8()
    return new TextDecoder(knownCharset(charset)).decode(this.body)
  }

  json<T = unknown>(): T {
    const text = this.#utf8()
    try {
      return JSON.parse(text) as T
    } catch (error) {
      const begin = JSON.stringify(text.slice(0, 80))
      const reason = (error as Error).message
      throw new SyntaxError(`${this.url} answered ${this.status} with no JSON: ${reason}; it begins ${begin}`)
    }
  }

  #head(): string {
    const content = this.#content
    return typeof content === 'string'
      ? content.slice(0, this.#bodyStart)
      : content.toString('latin1', 0, this.#bodyStart)
  }

  #utf8(): string {
    const content = this.#content
    if (typeof content === 'string' && this.#maxDecoded === 0) {
      const text = content.slice(this.#bodyStart)
      if (isAscii(text)) return text
    }
    const text = this.body.toString('utf8')
    return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text
  }

  #readBody(): Buffer {
    if (this.#bodyStart === this.#bodyEnd) return empty
    const content = this.#content
    const body =
      typeof content === 'string'
        ? Buffer.from(content.slice(this.#bodyStart), 'latin1')
        : content.subarray(this.#bodyStart, this.#bodyEnd)
    if (this.#maxDecoded === 0) return body
    return decodeBody(body, this.headers.get('content-encoding') ?? '', this.#maxDecoded)
  }
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: all of ASCII is meant
const isAscii = (text: string) => /^[\x00-\x7f]*$/.test(text)

/** Header fields by name, compared without case. */
export class AnswerHeaders {
  readonly #pairs: HeaderPairs

  constructor(pairs: HeaderPairs) {
    this.#pairs = pairs
  }

  get(name: string): string | undefined {
    const values = this.getAll(name)
    return values.length > 1 ? values.join(', ') : values[0]
  }

  getAll(name: string): readonly string[] {
    const wanted = name.toLowerCase()
    const values: string[] = []
    for (const [field, value] of this.#pairs) if (field === wanted) values.push(value)
    return values
  }

  has(name: string): boolean {
    const wanted = name.toLowerCase()
    return this.#pairs.some(([field]) => field === wanted)
  }

  entries(): HeaderPairs {
    return this.#pairs
  }
}

/** Splits a head that the parser has found well-formed. */
function readPairs(head: string): HeaderPairs {
  const pairs: [string, string][] = []
  for (let start = head.indexOf('\r\n') + 2; ; ) {
    const end = head.indexOf('\r\n', start)
    if (end <= start) return pairs
    const colon = head.indexOf(':', start)
    pairs.push([head.slice(start, colon).toLowerCase(), trimBlanks(head.slice(colon + 1, end))])
    start = end + 2
  }
}

/** RFC 9110 §5.5: SP and HT around a value are no part of it. Anything else that `trim` would take is. */
export const trimBlanks = (value: string) => value.replace(/^[ \t]+|[ \t]+$/g, '')

function knownCharset(label: string): string {
  try {
    return new TextDecoder(label).encoding
  } catch {
    return 'utf-8'
  }
}
