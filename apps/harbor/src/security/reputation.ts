import { HttpError } from '../http/http-error.ts'
import type { Redis } from '../redis/redis.ts'
import { networkOf } from './client-address.ts'

const best = 100
/** Below it an address is banned, until its score has recovered to `pardon`. */
const floor = 20
const pardon = 50
/** Milliseconds in which a point comes back. */
const recovery = 60_000

const bansKey = 'harbor:bans'
const bansLifetime = 24 * 3600 * 1000
const channel = 'harbor:bans'

interface Options {
  readonly redis: Redis
  readonly onBan: (address: string, until: Date) => void
  readonly now?: () => number
}

/**
 * A score for each address, from 100 down: it falls with what the address does wrong and recovers with time. Bans are
 * in every instance's memory, so that they cost an honest request next to nothing and a banned one no more.
 */
export class Reputation {
  readonly #redis: Redis
  readonly #onBan: (address: string, until: Date) => void
  readonly #now: () => number
  /** Network → until when, in milliseconds since 1970. */
  readonly #bans = new Map<string, number>()

  constructor({ redis, onBan, now = Date.now }: Options) {
    this.#redis = redis
    this.#onBan = onBan
    this.#now = now
  }

  async start(): Promise<void> {
    await this.#redis.pubSub.subscribe(channel, (message) => {
      const [network = '', until] = message.split(' ')
      this.#bans.set(network, Number(until))
    })
    this.#redis.onReturn(() => void this.#load())
    await this.#load()
  }

  /** @throws {HttpError} 403 while the address is banned */
  admit(address: string): void {
    if (this.#bans.size === 0) return
    const network = networkOf(address)
    const until = this.#bans.get(network)
    if (until === undefined) return
    if (until > this.#now()) throw new HttpError(403, 'Your address is banned for what came from it.')
    this.#bans.delete(network)
  }

  async lower(address: string, by: number): Promise<void> {
    const network = networkOf(address)
    const key = `harbor:reputation:${network}`
    const now = this.#now()
    const [last = best, at = now] = (await this.#redis.insured.get(key))?.split(' ').map(Number) ?? []
    const score = Math.min(best, last + (now - at) / recovery) - by
    await this.#redis.insured.set(key, `${score} ${now}`, best * recovery)
    if (score < floor && !this.#bans.has(network)) await this.#ban(network, now + (pardon - score) * recovery)
  }

  async #ban(network: string, until: number): Promise<void> {
    this.#bans.set(network, until)
    this.#onBan(network, new Date(until))
    await this.#redis.insured.setField(bansKey, network, String(until), bansLifetime)
    await this.#redis.pubSub.publish(channel, `${network} ${until}`).catch(() => undefined)
  }

  async #load(): Promise<void> {
    const now = this.#now()
    for (const [network, until] of Object.entries(await this.#redis.insured.fields(bansKey))) {
      if (Number(until) > now) this.#bans.set(network, Number(until))
      else await this.#redis.insured.deleteField(bansKey, network)
    }
  }
}
