import { isStorableText } from '../../http/validation.ts'

/** Deeper than any sensible metadata, shallower than any stack. */
const maxDepth = 64

/** Why a value has no canonical form; the message says what it is, as the end of a sentence. */
export class NotCanonical extends Error {}

/**
 * The one text of a JSON value, by RFC 8785: members sorted by their names' UTF-16 code units, no white space, numbers
 * and strings as ECMAScript writes them.
 * @throws {NotCanonical} for what has no such text or cannot be kept: numbers beyond a double, NUL, lone surrogates,
 * more than 64 levels
 */
export function canonicalJson(value: unknown, depth = 0): string {
  if (depth > maxDepth) throw new NotCanonical(`is nested more than ${maxDepth} levels deep`)
  switch (typeof value) {
    case 'string':
      if (!isStorableText(value)) throw new NotCanonical('holds a NUL character or a lone surrogate')
      return JSON.stringify(value)
    case 'number':
      if (!Number.isFinite(value)) throw new NotCanonical('holds a number beyond the range of a double')
      return JSON.stringify(value)
    case 'object':
      if (value === null) return 'null'
      if (Array.isArray(value)) return `[${value.map((item) => canonicalJson(item, depth + 1)).join(',')}]`
      return `{${Object.entries(value)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([name, member]) => `${canonicalJson(name)}:${canonicalJson(member, depth + 1)}`)
        .join(',')}}`
    default:
      return JSON.stringify(value)
  }
}
