import { type Bytes, bytes } from '../../base/units.ts'
import { decodeBody } from './decode.ts'
import type { Answer } from './types.ts'

/** Names in lower case, in the order in which they came. */
export type HeaderPairs = readonly (readonly [name: string, value: string])[]

const empty = Buffer.alloc(0)

/** A final response. What it says is kept as octets, and read when somebody asks. */
export class ReceivedAnswer implements Answer {
  readonly status: number
  readonly url: string
  readonly #head: Buffer | HeaderPairs
  readonly #content: Buffer
  readonly #bodyStart: number
  readonly #bodyEnd: number
  readonly #wireLength: number
  /** Content codings are undone up to this many bytes; 0 leaves the body as it came. */
  readonly #maxDecoded: number
  #headers: AnswerHeaders | undefined
  #body: Buffer | undefined

  /**
   * @param head the head's octets, which begin `content` (HTTP/1), or header pairs (HTTP/2)
   * @param wireLength octets of the body as it came, also of one that was not kept
   */
  constructor(
    status: number,
    url: string,
    head: Buffer | HeaderPairs,
    content: Buffer,
    bodyStart: number,
    bodyEnd: number,
    wireLength: number,
    maxDecoded: number,
  ) {
    this.status = status
    this.url = url
    this.#head = head
    this.#content = content
    this.#bodyStart = bodyStart
    this.#bodyEnd = bodyEnd
    this.#wireLength = wireLength
    this.#maxDecoded = maxDecoded
  }

  get headers(): AnswerHeaders {
    return (this.#headers ??= new AnswerHeaders(
      Buffer.isBuffer(this.#head) ? readPairs(this.#head.toString('latin1', 0, this.#bodyStart)) : this.#head,
    ))
  }

  /** @throws {TransportError} MALFORMED_ENCODING, BODY_TOO_LARGE: from decoding it, which happens here */
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
      throw new SyntaxError(
        `${this.url} answered ${this.status} with no JSON: ${(error as Error).message}; it begins ${begin}`,
      )
    }
  }

  #utf8(): string {
    const text =
      this.#maxDecoded === 0
        ? this.#content.toString('utf8', this.#bodyStart, this.#bodyEnd)
        : this.body.toString('utf8')
    return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text
  }

  #readBody(): Buffer {
    if (this.#bodyStart === this.#bodyEnd) return empty
    const body = this.#content.subarray(this.#bodyStart, this.#bodyEnd)
    if (this.#maxDecoded === 0) return body
    return decodeBody(body, this.headers.get('content-encoding') ?? '', this.#maxDecoded)
  }
}

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
