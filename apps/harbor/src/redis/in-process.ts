import type { KeyValue, PubSub, ShareLimit } from './key-value.ts'

interface Entry {
  value: string | Map<string, string>
  expiresAt: number
}

/** More than a lone instance needs; a flood of keys costs the oldest ones, not the memory. */
const mostKeys = 100_000

/** Redis's part for a lone instance. */
export class LocalKeyValue implements KeyValue {
  readonly #entries = new Map<string, Entry>()
  readonly #now: () => number

  constructor(now: () => number = Date.now) {
    this.#now = now
  }

  async get(key: string) {
    const value = this.#live(key)?.value
    return typeof value === 'string' ? value : undefined
  }

  async set(key: string, value: string, ttl: number) {
    this.#put(key, value, ttl)
  }

  async setIfAbsent(key: string, value: string, ttl: number) {
    if (this.#live(key)) return false
    this.#put(key, value, ttl)
    return true
  }

  async take(key: string) {
    const value = await this.get(key)
    this.#entries.delete(key)
    return value
  }

  async delete(...keys: readonly string[]) {
    for (const key of keys) this.#entries.delete(key)
  }

  async increment(key: string, by: number, ttl: number) {
    const entry = this.#live(key)
    const sum = Number(entry?.value ?? 0) + by
    if (entry) entry.value = String(sum)
    else this.#put(key, String(sum), ttl)
    return sum
  }

  async takeShare(key: string, { limit, most, ttl }: ShareLimit) {
    const before = Number(this.#live(key)?.value ?? 0)
    const points = Math.max(1, Math.min(most, Math.floor((limit - before) / 20)))
    const taken = await this.increment(key, points, ttl)
    return { points, taken, ttl: (this.#live(key)?.expiresAt ?? 0) - this.#now() }
  }

  async setField(key: string, field: string, value: string, ttl: number) {
    const found = this.#live(key)?.value
    const fields = found instanceof Map ? found : new Map<string, string>()
    this.#put(key, fields.set(field, value), ttl)
  }

  async deleteField(key: string, field: string) {
    const value = this.#live(key)?.value
    if (value instanceof Map) value.delete(field)
  }

  async fields(key: string) {
    const value = this.#live(key)?.value
    return value instanceof Map ? Object.fromEntries(value) : {}
  }

  #live(key: string): Entry | undefined {
    const entry = this.#entries.get(key)
    if (entry === undefined || entry.expiresAt > this.#now()) return entry
    this.#entries.delete(key)
    return undefined
  }

  #put(key: string, value: Entry['value'], ttl: number): void {
    this.#entries.delete(key)
    if (this.#entries.size >= mostKeys) this.#makeRoom()
    this.#entries.set(key, { value, expiresAt: this.#now() + ttl })
  }

  #makeRoom(): void {
    const now = this.#now()
    for (const [key, { expiresAt }] of this.#entries) if (expiresAt <= now) this.#entries.delete(key)
    // A tenth at once, so that the search for expired keys is not made for each key of a flood.
    let excess = this.#entries.size - mostKeys * 0.9
    for (const key of this.#entries.keys()) {
      if (excess <= 0) break
      this.#entries.delete(key)
      excess -= 1
    }
  }
}

export class LocalPubSub implements PubSub {
  readonly #channels = new Map<string, Set<(message: string) => void>>()

  /** The listeners are called in a turn of their own, as with Redis. */
  async publish(channel: string, message: string) {
    const listeners = this.#channels.get(channel)
    if (listeners === undefined) return
    await Promise.resolve()
    for (const listener of [...listeners]) listener(message)
  }

  async subscribe(channel: string, listener: (message: string) => void) {
    const listeners = this.#channels.get(channel) ?? new Set()
    this.#channels.set(channel, listeners.add(listener))
    return () => {
      listeners.delete(listener)
      if (listeners.size === 0 && this.#channels.get(channel) === listeners) this.#channels.delete(channel)
    }
  }
}
