import type { Services } from '../part.ts'
import { Passwords } from './passwords.ts'
import { openSessions } from './sessions.ts'
import { createTokens } from './tokens.ts'
import { openUserList } from './user-list.ts'
import { openUsers } from './users.ts'
import { openWallets } from './wallet.ts'

/** What accounts consist of, before there are routes: others need the sessions, security the users. */
export function openAccounts(services: Omit<Services, 'security' | 'sessions'>) {
  const { environment, secret, database, redis, log } = services
  const tokens = createTokens(secret)
  const users = openUsers(database.pool, environment.security.adminEmail)
  return {
    tokens,
    users,
    list: openUserList(users, services),
    sessions: openSessions({ pool: database.pool, redis, tokens, users, log }),
    passwords: new Passwords(),
    wallets: openWallets(redis.insured),
  }
}
