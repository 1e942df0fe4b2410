import { isIP } from 'node:net'
import { urlsOf } from './database/hosts.ts'

export type Variables = Readonly<Record<string, string | undefined>>

/** Reads single variables, and collects what is wrong with them. An empty value counts as not set. */
export class EnvironmentReader {
  readonly problems: string[] = []
  readonly #variables: Variables

  constructor(variables: Variables) {
    this.#variables = variables
  }

  text(name: string): string | undefined {
    return this.#variables[name] || undefined
  }

  integer(name: string, fallback: number, min: number, max: number): number {
    const value = this.text(name)
    if (value === undefined) return fallback
    const number = wholeNumber(value)
    if (number >= min && number <= max) return number
    this.problems.push(`${name} must be a whole number from ${min} to ${max}, but is "${value}".`)
    return fallback
  }

  /** As `url`, with one host or several (see database/hosts.ts). */
  database(name: string, example: string): string | undefined {
    const value = this.text(name)
    const urls = value === undefined ? [] : urlsOf(value)
    if (urls.some((url) => !isUrl(url, ['postgres:', 'postgresql:'])))
      this.problems.push(`${name} must look like ${example}.`)
    return value
  }

  /** The value is not repeated in a problem: it may hold a password. */
  url(name: string, protocols: readonly string[], example: string): string | undefined {
    const value = this.text(name)
    if (value === undefined) return undefined
    if (!isUrl(value, protocols)) this.problems.push(`${name} must look like ${example}.`)
    return value
  }

  /** Names separated by commas; `undefined` when not set. */
  list(name: string): readonly string[] | undefined {
    return this.text(name)
      ?.split(',')
      .map((item) => item.trim())
      .filter((item) => item !== '')
  }

  /** Of the names that are known; all other names are a problem. */
  choice<Name extends string>(name: string, known: readonly Name[]): ReadonlySet<Name> | undefined {
    const given = this.list(name)
    if (given === undefined) return undefined
    const unknown = given.filter((item) => !known.some((other) => other === item))
    if (unknown.length > 0) {
      const may = known.length > 0 ? `may hold ${known.join(', ')}` : 'may hold no name yet'
      this.problems.push(`${name} ${may}, but holds "${unknown.join('", "')}".`)
    }
    return new Set(known.filter((item) => given.includes(item)))
  }

  /** IP addresses and networks in CIDR notation. */
  networks(name: string): readonly string[] {
    const given = this.list(name) ?? []
    const wrong = given.filter((item) => !isNetwork(item))
    if (wrong.length > 0) {
      this.problems.push(
        `${name} must hold addresses such as 10.0.0.7 or 10.0.0.0/8, but holds "${wrong.join('", "')}".`,
      )
    }
    return given
  }
}

export function wholeNumber(text: string): number {
  return /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN
}

const isUrl = (text: string, protocols: readonly string[]): boolean =>
  URL.canParse(text) && protocols.includes(new URL(text).protocol)

function isNetwork(text: string): boolean {
  const [address = '', bits, ...rest] = text.split('/')
  const version = isIP(address)
  if (version === 0 || rest.length > 0) return false
  return bits === undefined || wholeNumber(bits) <= (version === 4 ? 32 : 128)
}
