import type { IncomingHttpHeaders } from 'node:http'
import type { Principal } from '../accounts/principal.ts'
import type { RateLimit } from '../environment.ts'
import type { KeyValue } from '../redis/key-value.ts'
import { networkOf } from './client-address.ts'
import type { Security } from './security.ts'

/** Where proxies write the country that an address is in. */
const countryHeaders = ['cf-ipcountry', 'cloudfront-viewer-country', 'x-country-code'] as const

/** A burst: a third of what a minute allows within this time, in milliseconds. */
const burstTime = 5_000

/** A token that is used from a second network while the first was heard of within this time, in milliseconds. */
const placeTime = 10 * 60_000
/** How often an instance tells the others that a session is still where it was. */
const placeAge = 60_000
const mostSessions = 20_000

const countriesLifetime = 90 * 24 * 3600 * 1000

interface Place {
  readonly network: string
  readonly country: string
  readonly toldAt: number
}

interface Options {
  readonly store: KeyValue
  readonly limits: RateLimit
  readonly record: Security['record']
  readonly onError: (error: unknown) => void
  readonly now?: () => number
}

/** Sees what is unusual without being forbidden. It records, never refuses, and nobody waits for it. */
export class Anomalies {
  readonly #options: Options
  readonly #now: () => number
  /** Requests of each client in the present burst time. */
  readonly #counts = new Map<string, number>()
  #countsFrom = 0
  readonly #places = new Map<string, Place>()

  constructor(options: Options) {
    this.#options = options
    this.#now = options.now ?? Date.now
  }

  observe(address: string, headers: IncomingHttpHeaders, principal: Principal | undefined): void {
    this.#countRequest(address, principal)
    if (principal) this.#comparePlace(networkOf(address), countryOf(headers), principal)
  }

  #countRequest(address: string, principal: Principal | undefined): void {
    const { limits, record } = this.#options
    const now = this.#now()
    if (now - this.#countsFrom >= burstTime) {
      this.#counts.clear()
      this.#countsFrom = now
    }
    const key = principal?.userId ?? networkOf(address)
    const count = (this.#counts.get(key) ?? 0) + 1
    this.#counts.set(key, count)
    if (count === Math.ceil((principal ? limits.signedIn : limits.anonymous) / 3)) {
      record({ kind: 'request_burst', userId: principal?.userId, address, details: { requests: count } })
    }
  }

  #comparePlace(network: string, country: string, { sessionId, userId }: Principal): void {
    const known = this.#places.get(sessionId)
    const now = this.#now()
    if (known?.network === network && known.country === country && now - known.toldAt < placeAge) return
    this.#places.delete(sessionId)
    if (this.#places.size >= mostSessions) this.#places.delete(this.#places.keys().next().value ?? '')
    this.#places.set(sessionId, { network, country, toldAt: now })
    this.#checkNetwork(network, sessionId, userId, now).catch(this.#options.onError)
    if (country !== '' && country !== known?.country) {
      this.#checkCountry(country, network, userId).catch(this.#options.onError)
    }
  }

  async #checkNetwork(network: string, sessionId: string, userId: string, now: number): Promise<void> {
    const { store, record } = this.#options
    const key = `harbor:places:${sessionId}`
    const places = await store.fields(key)
    await store.setField(key, network, String(now), placeTime)
    const others = Object.entries(places).filter(([other, at]) => other !== network && now - Number(at) < placeTime)
    const [first] = others
    // Once for each network that comes in addition.
    if (first === undefined || network in places) return
    record({ kind: 'token_from_two_places', userId, address: network, details: { also: first[0], session: sessionId } })
  }

  async #checkCountry(country: string, network: string, userId: string): Promise<void> {
    const { store, record } = this.#options
    const key = `harbor:countries:${userId}`
    const countries = await store.fields(key)
    await store.setField(key, country, '1', countriesLifetime)
    if (country in countries || Object.keys(countries).length === 0) return
    record({ kind: 'new_country', userId, address: network, details: { country } })
  }
}

/** Two letters, or an empty text when no proxy says. */
function countryOf(headers: IncomingHttpHeaders): string {
  for (const name of countryHeaders) {
    const value = headers[name]
    if (typeof value === 'string' && /^[A-Za-z]{2}$/.test(value)) return value.toUpperCase()
  }
  return ''
}
