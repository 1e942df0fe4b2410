import { TOKEN, VALUE } from '../http1/octets.ts'
import { TransportError } from './exchange.ts'

/** Header fields by lower-case name, checked. */
export type Fields = ReadonlyMap<string, string>

/** What a redirect to another origin must not carry along (the Fetch standard, §4.4 step 13). */
const credentials: ReadonlySet<string> = new Set(['authorization', 'cookie', 'proxy-authorization'])
/** What describes a body, and goes when the body goes (the Fetch standard, "request-body-header name"). */
const aboutBody: ReadonlySet<string> = new Set([
  'content-encoding',
  'content-language',
  'content-location',
  'content-type',
])
/** Framing is the client's own: two opinions on it are how requests get smuggled. */
const reserved: ReadonlySet<string> = new Set(['content-length', 'transfer-encoding'])

/**
 * Checks header fields that a plan gave.
 * @throws {TransportError} BAD_REQUEST for a name or value that cannot be sent as it is, and for framing fields
 */
export function readFields(given: Readonly<Record<string, string>>): Fields {
  const fields = new Map<string, string>()
  for (const name in given) {
    const value = String(given[name])
    if (!consistsOf(name, TOKEN) || name === '') throw badRequest(`${JSON.stringify(name)} is no header name`)
    if (!consistsOf(value, VALUE))
      throw badRequest(`the value of header ${name} has characters that no header may have`)
    const key = name.toLowerCase()
    if (reserved.has(key)) throw badRequest(`header ${key} is computed from the body and cannot be given`)
    fields.set(key, value)
  }
  return fields
}

export const isToken = (text: string): boolean => text !== '' && consistsOf(text, TOKEN)

/** The lines of an HTTP/1 head, without the blank one. */
export function fieldLines(fields: Fields): string {
  let text = ''
  for (const [name, value] of fields) text += `${name}: ${value}\r\n`
  return text
}

export const withoutCredentials = (fields: Fields): Fields => without(fields, credentials)
export const withoutBodyFields = (fields: Fields): Fields => without(fields, aboutBody)

const without = (fields: Fields, names: ReadonlySet<string>): Fields =>
  new Map([...fields].filter(([name]) => !names.has(name)))

function consistsOf(text: string, allowed: Uint8Array): boolean {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code > 255 || allowed[code] !== 1) return false
  }
  return true
}

const badRequest = (message: string) => new TransportError('BAD_REQUEST', message)
