import type { Principal } from '../accounts/principal.ts'
import type { RateLimit } from '../environment.ts'
import type { Redis } from '../redis/redis.ts'
import { networkOf } from './client-address.ts'
import { tooMany } from './limiter.ts'
import { Quota } from './quota.ts'

/** In milliseconds. */
const window = 60_000
/** A twentieth of the thousand requests that a user has in a minute if nothing else is set. */
const mostAtOnce = 50

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
  const shared = { store: redis.insured, window, most: mostAtOnce }
  const anonymous = new Quota({ ...shared, name: 'rate:anonymous', limit: limits.anonymous })
  const signedIn = new Quota({ ...shared, name: 'rate:user', limit: limits.signedIn })
  return {
    async admit(address, principal) {
      const refusal = await (principal ? signedIn.consume(principal.userId) : anonymous.consume(networkOf(address)))
      if (refusal === undefined) return
      if (refusal.isFirst) onExceeded(address, principal)
      throw tooMany('Too many requests.', refusal.msBeforeNext)
    },
  }
}
