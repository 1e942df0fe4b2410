import type { ChainableCommander, Redis as Client } from 'ioredis'
import type { Guard } from './guard.ts'
import type { KeyValue } from './key-value.ts'

export class RedisKeyValue implements KeyValue {
  readonly #client: Client
  readonly #guard: Guard

  constructor(client: Client, guard: Guard) {
    this.#client = client
    this.#guard = guard
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

  #ask<T>(command: (client: Client) => Promise<T>): Promise<T> {
    return this.#guard.ask(() => command(this.#client))
  }
}
