import type { ChainableCommander, Redis as Client } from 'ioredis'
import type { CircuitBreaker } from '../resilience/circuit-breaker.ts'
import type { KeyValue } from './key-value.ts'
import type { RedisObserver } from './redis-observer.ts'

/** Redis could not be asked, or did not answer in time. */
export class RedisAway extends Error {
  constructor(cause: unknown) {
    super('Redis is away.', { cause })
    this.name = 'RedisAway'
  }
}

export class RedisKeyValue implements KeyValue {
  readonly #client: Client
  readonly #breaker: CircuitBreaker
  readonly #observer: RedisObserver

  constructor(client: Client, breaker: CircuitBreaker, observer: RedisObserver) {
    this.#client = client
    this.#breaker = breaker
    this.#observer = observer
  }

  async get(key: string) {
    return (await this.#ask((client) => client.get(key))) ?? undefined
  }

  async set(key: string, value: string, ttl: number) {
    await this.#ask((client) => client.set(key, value, 'PX', ttl))
  }

  async setIfAbsent(key: string, value: string, ttl: number) {
    return (await this.#ask((client) => client.set(key, value, 'PX', ttl, 'NX'))) === 'OK'
  }

  async take(key: string) {
    return (await this.#ask((client) => client.getdel(key))) ?? undefined
  }

  async delete(...keys: readonly string[]) {
    if (keys.length > 0) await this.#ask((client) => client.del(...keys))
  }

  async increment(key: string, by: number, ttl: number) {
    const [sum] = await this.#transaction((commands) => commands.incrby(key, by).pexpire(key, ttl, 'NX'))
    return Number(sum)
  }

  async setField(key: string, field: string, value: string, ttl: number) {
    await this.#transaction((commands) => commands.hset(key, field, value).pexpire(key, ttl))
  }

  async deleteField(key: string, field: string) {
    await this.#ask((client) => client.hdel(key, field))
  }

  fields(key: string) {
    return this.#ask((client) => client.hgetall(key))
  }

  #transaction(add: (commands: ChainableCommander) => ChainableCommander): Promise<readonly unknown[]> {
    return this.#ask(async (client) => {
      const results = (await add(client.multi()).exec()) ?? []
      return results.map(([error, value]) => {
        if (error) throw error
        return value
      })
    })
  }

  async #ask<T>(command: (client: Client) => Promise<T>): Promise<T> {
    const began = performance.now()
    try {
      this.#breaker.enter()
    } catch (error) {
      throw new RedisAway(error)
    }
    try {
      const answer = await command(this.#client)
      this.#breaker.succeed()
      this.#observer.command(performance.now() - began)
      return answer
    } catch (error) {
      this.#breaker.fail()
      this.#observer.failure()
      throw new RedisAway(error)
    }
  }
}
