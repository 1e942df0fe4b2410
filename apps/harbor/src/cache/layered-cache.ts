import type { Metrics } from '../metrics/metrics.ts'
import type { Redis } from '../redis/redis.ts'

interface Options {
  /** Names it in Redis and in the metrics. */
  readonly name: string
  readonly redis: Redis
  readonly metrics: Pick<Metrics, 'cache'>
  /** In milliseconds. */
  readonly ttl: number
  /** In UTF-16 code units, of this instance's layer. */
  readonly most?: number
}

/**
 * Texts that are made at some cost: kept here, and in Redis for the other instances. A key names a version of what it
 * stands for, so nothing is ever stale and nothing has to be invalidated: what changed has another key, on all instances
 * at once. Those who miss the same key at the same time wait for one maker.
 */
export class LayeredCache {
  readonly #options: Options
  readonly #most: number
  readonly #counts: ReturnType<Metrics['cache']>
  /** In the order of their last use. */
  readonly #texts = new Map<string, { readonly text: string; readonly expiresAt: number }>()
  readonly #making = new Map<string, Promise<string>>()
  #size = 0

  constructor(options: Options) {
    this.#options = options
    this.#most = options.most ?? 8 * 1024 * 1024
    this.#counts = options.metrics.cache(options.name)
  }

  async get(key: string, make: () => Promise<string>): Promise<string> {
    const found = this.#texts.get(key)
    if (found && found.expiresAt > Date.now()) {
      this.#counts.hits.inc()
      this.#texts.delete(key)
      this.#texts.set(key, found)
      return found.text
    }
    const making = this.#making.get(key) ?? this.#make(key, make).finally(() => this.#making.delete(key))
    this.#making.set(key, making)
    return making
  }

  async #make(key: string, make: () => Promise<string>): Promise<string> {
    const { redis, name, ttl } = this.#options
    const shared = redis.library && (await redis.store.get(`harbor:cache:${name}:${key}`).catch(() => undefined))
    this.#counts[shared === undefined ? 'misses' : 'hits'].inc()
    const text = shared ?? (await make())
    this.#keep(key, text)
    // Nobody waits for it, and without it the next instance asks Postgres as well.
    if (redis.library && shared === undefined) {
      redis.store.set(`harbor:cache:${name}:${key}`, text, ttl).catch(() => undefined)
    }
    return text
  }

  #keep(key: string, text: string): void {
    this.#drop(key)
    this.#texts.set(key, { text, expiresAt: Date.now() + this.#options.ttl })
    this.#size += text.length
    for (const oldest of this.#texts.keys()) {
      if (this.#size <= this.#most) break
      this.#drop(oldest)
    }
  }

  #drop(key: string): void {
    const found = this.#texts.get(key)
    if (found && this.#texts.delete(key)) this.#size -= found.text.length
  }
}
