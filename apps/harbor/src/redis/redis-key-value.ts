import type { ChainableCommander, Redis as Client, Result } from 'ioredis'
import type { Guard } from './guard.ts'
import type { KeyValue, ShareLimit } from './key-value.ts'

/** One step for all instances: how much is taken depends on what was taken before. */
const takeShare = `
local before = tonumber(redis.call('get', KEYS[1]) or 0)
local points = math.max(1, math.min(tonumber(ARGV[2]), math.floor((tonumber(ARGV[1]) - before) / 20)))
local taken = redis.call('incrby', KEYS[1], points)
local ttl = redis.call('pttl', KEYS[1])
if ttl < 0 then
  ttl = tonumber(ARGV[3])
  redis.call('pexpire', KEYS[1], ttl)
end
return {points, taken, ttl}
`

declare module 'ioredis' {
  interface RedisCommander<Context> {
    harborTakeShare(
      key: string,
      limit: number,
      most: number,
      ttl: number,
    ): Result<[points: number, taken: number, ttl: number], Context>
  }
}

export class RedisKeyValue implements KeyValue {
  readonly #client: Client
  readonly #guard: Guard

  constructor(client: Client, guard: Guard) {
    client.defineCommand('harborTakeShare', { numberOfKeys: 1, lua: takeShare })
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

  async takeShare(key: string, { limit, most, ttl }: ShareLimit) {
    const [points, taken, left] = await this.#ask((client) => client.harborTakeShare(key, limit, most, ttl))
    return { points, taken, ttl: left }
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
