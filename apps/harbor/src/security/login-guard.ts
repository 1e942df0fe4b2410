import type { Redis } from '../redis/redis.ts'
import { networkOf } from './client-address.ts'
import { Limiter, tooMany } from './limiter.ts'
import type { LoginAttempt, LoginGuard, Security } from './security.ts'

/** The tenth failure in ten minutes blocks for fifteen. */
const failures = { points: 9, duration: 10 * 60, blockDuration: 15 * 60 }

interface Options {
  readonly redis: Redis
  readonly record: Security['record']
}

/** Blocks accounts and addresses for which too many sign-ins failed, whether the password is right next time or not. */
export function loginGuard({ redis, record }: Options): LoginGuard {
  const byAccount = new Limiter(redis, { name: 'login:account', ...failures })
  const byAddress = new Limiter(redis, { name: 'login:address', ...failures })
  const keys = ({ account, address }: LoginAttempt) =>
    [
      [byAccount, account],
      [byAddress, networkOf(address)],
    ] as const

  return {
    async admit(attempt) {
      const counts = await Promise.all(keys(attempt).map(([from, key]) => from.get(key)))
      for (const count of counts) {
        if (count && count.consumedPoints > failures.points) {
          throw tooMany('Too many failed sign-ins.', count.msBeforeNext)
        }
      }
    },
    async failed(attempt) {
      const { account, address } = attempt
      const isBlocked = async (from: Limiter, key: string) =>
        (await from.consume(key))?.consumedPoints === failures.points + 1
      const [accountBlocked, addressBlocked] = await Promise.all(
        keys(attempt).map(([from, key]) => isBlocked(from, key)),
      )
      if (accountBlocked) record({ kind: 'account_blocked', address, details: { account } })
      if (addressBlocked) record({ kind: 'address_blocked', address })
    },
    async succeeded({ account }) {
      // Not the address's: who has one account could otherwise go on guessing the passwords of others.
      await byAccount.forget(account)
    },
  }
}
