import type { Millis } from '../../base/units.ts'
import { type Duration, parseDuration } from '../duration.ts'
import { type Problem, pathOf, show } from '../problem.ts'
import { didYouMean } from './suggest.ts'

interface NumberRules {
  readonly min?: number
  /** The value must lie above this, not on it. */
  readonly above?: number
  readonly whole?: boolean
}

const durationHint = "write '250ms', '1.5s', '2m' or '1m30s'"

/**
 * Reads one object of a plan, key by key, without trusting its type. What is wrong is noted and replaced by the
 * fallback, so that reading goes on and all problems come out at once. Every key that was asked for counts as known;
 * `finish` reports the others.
 */
export class Reader {
  readonly path: string
  readonly problems: Problem[]
  readonly #source: Readonly<Record<string, unknown>>
  readonly #known = new Set<string>()

  constructor(source: unknown, path: string, problems: Problem[], expected = 'an object') {
    this.path = path
    this.problems = problems
    const good = typeof source === 'object' && source !== null && !Array.isArray(source)
    this.#source = good ? (source as Record<string, unknown>) : {}
    if (!good && source !== undefined) this.problems.push({ path, got: show(source), expected })
  }

  /** The raw value of a key, which counts as known from now on. */
  raw(key: string): unknown {
    this.#known.add(key)
    return Object.hasOwn(this.#source, key) ? this.#source[key] : undefined
  }

  at(key: string | number): string {
    return pathOf(this.path, key)
  }

  note(key: string | number, got: unknown, expected: string, hint?: string): void {
    this.problems.push({ path: this.at(key), got: show(got), expected, ...(hint === undefined ? {} : { hint }) })
  }

  text(key: string): string | undefined {
    const value = this.raw(key)
    if (value === undefined) return undefined
    if (typeof value === 'string' && value.trim() !== '') return value
    this.note(key, value, 'a text that is not empty')
    return undefined
  }

  needText(key: string, hint?: string): string {
    const before = this.problems.length
    const value = this.text(key)
    if (value === undefined && this.problems.length === before) this.note(key, undefined, 'a text', hint)
    return value ?? ''
  }

  flag(key: string, fallback: boolean): boolean {
    const value = this.raw(key)
    if (typeof value === 'boolean') return value
    if (value !== undefined) this.note(key, value, 'true or false')
    return fallback
  }

  number<T extends number | undefined>(key: string, fallback: T, rules: NumberRules = {}): number | T {
    const value = this.raw(key)
    if (value === undefined) return fallback
    const fault = numberFault(value, rules)
    if (fault === undefined) return value as number
    this.note(key, value, fault)
    return fallback
  }

  duration<T extends Millis | undefined>(
    key: string,
    fallback: T,
    rules: { readonly positive?: boolean } = {},
  ): Millis | T {
    const value = this.raw(key)
    return value === undefined ? fallback : (this.readDuration(key, value, rules) ?? fallback)
  }

  readDuration(key: string, value: unknown, { positive = false } = {}): Millis | undefined {
    const read = typeof value === 'string' || typeof value === 'number' ? parseDuration(value as Duration) : undefined
    if (typeof value === 'string' && read !== undefined && (read > 0 || !positive)) return read
    const bare = typeof value === 'number' && value >= 0 ? `did you mean '${value}s' or '${value}ms'?` : durationHint
    this.note(key, value, positive ? 'a time longer than 0' : 'a time', bare)
    return undefined
  }

  oneOf<T extends string | number>(key: string, names: readonly T[], fallback: T): T {
    const value = this.raw(key)
    if (value === undefined) return fallback
    const match = names.find((name) => name === value)
    if (match !== undefined) return match
    const known = names.map((name) => show(name))
    const hint = typeof value === 'string' ? didYouMean(value, names.map(String)) : undefined
    this.note(
      key,
      value,
      known.length > 1 ? `${known.slice(0, -1).join(', ')} or ${known.at(-1)}` : String(known[0]),
      hint,
    )
    return fallback
  }

  callback<F>(key: string): F | undefined {
    const value = this.raw(key)
    if (value === undefined || typeof value === 'function') return value as F | undefined
    this.note(key, value, 'a function')
    return undefined
  }

  /** A record of texts; numbers and booleans are written out. */
  texts(key: string): Readonly<Record<string, string>> {
    const value = this.raw(key)
    if (value === undefined) return {}
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      this.note(key, value, 'an object of texts')
      return {}
    }
    return Object.fromEntries(
      Object.entries(value).map(([name, entry]) => {
        if (!['string', 'number', 'boolean'].includes(typeof entry)) {
          this.problems.push({ path: pathOf(this.at(key), name), got: show(entry), expected: 'a text' })
        }
        return [name, String(entry)]
      }),
    )
  }

  /** Texts of an array, or the one text that stands in its place. */
  list(key: string): readonly string[] {
    const value = this.raw(key)
    if (value === undefined) return []
    const entries: readonly unknown[] = Array.isArray(value) ? value : [value]
    const good = entries.filter((entry) => typeof entry === 'string' && entry !== '') as string[]
    if (good.length < entries.length) this.note(key, value, 'texts, each not empty')
    return good
  }

  /** The reader of a nested object; of an empty one when the key is not there. */
  nested(key: string, expected?: string): Reader {
    return new Reader(this.raw(key), this.at(key), this.problems, expected)
  }

  entries(): readonly (readonly [key: string, value: unknown])[] {
    return Object.entries(this.#source)
  }

  /** Reports every key that nothing asked for. */
  finish(): void {
    const known = [...this.#known]
    for (const key of Object.keys(this.#source)) {
      if (this.#known.has(key)) continue
      const hint = didYouMean(key, known)
      this.problems.push({
        path: this.at(key),
        got: 'an unknown key',
        expected: `one of ${known.join(', ')}`,
        ...(hint === undefined ? {} : { hint }),
      })
    }
  }
}

/** What a number would have to be; undefined when it is. */
export function numberFault(value: unknown, { min, above, whole = false }: NumberRules): string | undefined {
  const good =
    typeof value === 'number' &&
    Number.isFinite(value) &&
    (!whole || Number.isInteger(value)) &&
    (min === undefined || value >= min) &&
    (above === undefined || value > above)
  if (good) return undefined
  const kind = whole ? 'a whole number' : 'a number'
  if (above !== undefined) return `${kind} above ${above}`
  return min === undefined ? kind : `${kind}, ${min} or more`
}
