import { type RateLimiterAbstract, RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible'
import { HttpError } from '../http/http-error.ts'
import type { Redis } from '../redis/redis.ts'

interface Options {
  readonly name: string
  readonly points: number
  /** In seconds. */
  readonly duration: number
  /** In seconds: for how long who exceeds it is kept out; until the duration is over if not given. */
  readonly blockDuration?: number
}

/** Counts for all instances together in Redis, and each for itself while that is away. */
export function limiter(redis: Redis, { name, ...limits }: Options): RateLimiterAbstract {
  const keyPrefix = `harbor:${name}`
  const own = new RateLimiterMemory({ keyPrefix, ...limits })
  if (redis.client === undefined) return own
  return new RateLimiterRedis({
    storeClient: redis.client,
    keyPrefix,
    ...limits,
    insuranceLimiter: own,
    rejectIfRedisNotReady: true,
    // Who is above the limit is turned away without a question to Redis.
    inMemoryBlockOnConsumed: limits.points + 1,
    ...(limits.blockDuration !== undefined && { inMemoryBlockDuration: limits.blockDuration }),
  })
}

/** @returns the refusal when the limit is exceeded, undefined when not */
export async function consume(from: RateLimiterAbstract, key: string): Promise<RateLimiterRes | undefined> {
  try {
    await from.consume(key)
    return undefined
  } catch (refusal) {
    if (refusal instanceof RateLimiterRes) return refusal
    throw refusal
  }
}

/** 429 with `Retry-After`, in whole seconds. */
export function tooMany(message: string, { msBeforeNext }: RateLimiterRes): HttpError {
  const seconds = Math.max(1, Math.ceil(msBeforeNext / 1000))
  return new HttpError(429, `${message} Try again in ${seconds} s.`, { headers: { 'retry-after': String(seconds) } })
}
