import { type RateLimiterAbstract, RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible'
import { HttpError } from '../http/http-error.ts'
import { RedisAway } from '../redis/guard.ts'
import type { Library, Redis } from '../redis/redis.ts'

interface Options {
  readonly name: string
  readonly points: number
  /** In seconds. */
  readonly duration: number
  /** In seconds: for how long who exceeds it is kept out; until the duration is over if not given. */
  readonly blockDuration?: number
}

/** Counts for all instances together in Redis, and each for itself while that is away. */
export class Limiter {
  readonly #own: RateLimiterAbstract
  readonly #shared: RateLimiterAbstract | undefined
  readonly #library: Library | undefined

  constructor({ library }: Redis, { name, ...limits }: Options) {
    const keyPrefix = `harbor:${name}`
    this.#own = new RateLimiterMemory({ keyPrefix, ...limits })
    this.#library = library
    if (library === undefined) return
    this.#shared = new RateLimiterRedis({
      storeClient: library.client,
      keyPrefix,
      ...limits,
      rejectIfRedisNotReady: true,
      // Who is above the limit is turned away without a question to Redis.
      inMemoryBlockOnConsumed: limits.points + 1,
      ...(limits.blockDuration !== undefined && { inMemoryBlockDuration: limits.blockDuration }),
    })
  }

  /** @returns the refusal when the limit is exceeded, undefined when not */
  consume(key: string): Promise<RateLimiterRes | undefined> {
    return this.#ask(async (limiter) => {
      try {
        await limiter.consume(key)
        return undefined
      } catch (refusal) {
        if (refusal instanceof RateLimiterRes) return refusal
        throw refusal
      }
    })
  }

  /** What the key has consumed, if anything. */
  get(key: string): Promise<RateLimiterRes | null> {
    return this.#ask((limiter) => limiter.get(key))
  }

  async forget(key: string): Promise<void> {
    await this.#ask((limiter) => limiter.delete(key))
  }

  async #ask<T>(question: (limiter: RateLimiterAbstract) => Promise<T>): Promise<T> {
    const shared = this.#shared
    if (shared === undefined || this.#library === undefined) return question(this.#own)
    try {
      return await this.#library.ask(() => question(shared))
    } catch (error) {
      if (error instanceof RedisAway) return question(this.#own)
      throw error
    }
  }
}

/** 429 with `Retry-After`, in whole seconds. */
export function tooMany(message: string, msBeforeNext: number): HttpError {
  const seconds = Math.max(1, Math.ceil(msBeforeNext / 1000))
  return new HttpError(429, `${message} Try again in ${seconds} s.`, { headers: { 'retry-after': String(seconds) } })
}
