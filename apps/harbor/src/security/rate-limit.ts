import type { Principal } from '../accounts/principal.ts'
import type { RateLimit } from '../environment.ts'
import type { Redis } from '../redis/redis.ts'
import { networkOf } from './client-address.ts'
import { Limiter, tooMany } from './limiter.ts'

interface Options {
  readonly redis: Redis
  readonly limits: RateLimit
  /** Called once for each client and minute in which it exceeds its limit. */
  readonly onExceeded: (address: string, principal: Principal | undefined) => void
}

export interface RateLimiter {
  /** @throws {HttpError} 429 above the limit */
  admit(address: string, principal: Principal | undefined): Promise<void>
}

/** Requests per minute: of a user, wherever from, or of an address for those who are not signed in. */
export function rateLimiter({ redis, limits, onExceeded }: Options): RateLimiter {
  const anonymous = new Limiter(redis, { name: 'rate:anonymous', points: limits.anonymous, duration: 60 })
  const signedIn = new Limiter(redis, { name: 'rate:user', points: limits.signedIn, duration: 60 })
  return {
    async admit(address, principal) {
      const refusal = principal ? await signedIn.consume(principal.userId) : await anonymous.consume(networkOf(address))
      if (refusal === undefined) return
      const limit = principal ? limits.signedIn : limits.anonymous
      if (refusal.consumedPoints === limit + 1) onExceeded(address, principal)
      throw tooMany('Too many requests.', refusal)
    },
  }
}
