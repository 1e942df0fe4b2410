import type { Services } from '../part.ts'
import { Gate } from '../resilience/gate.ts'
import { Passwords } from './passwords.ts'
import { openSessions } from './sessions.ts'
import { Signatures } from './signatures.ts'
import { createTokens } from './tokens.ts'
import { openUserList } from './user-list.ts'
import { openUsers } from './users.ts'
import { openWallets } from './wallet.ts'

/** Two sign-ins at a time; whoever would wait for longer than about a second is told to come back. */
const signIns = { atOnce: 2, waiting: 256, what: 'sign-ins' }

/** What accounts consist of, before there are routes: others need the sessions, security the users. */
export function openAccounts(services: Omit<Services, 'security' | 'sessions'>) {
  const { environment, secret, database, redis, log } = services
  const tokens = createTokens(secret)
  const gate = new Gate(signIns)
  const signatures = new Signatures(gate)
  const users = openUsers(database.pool, environment.security.adminEmail)
  return {
    tokens,
    users,
    list: openUserList(users, services),
    sessions: openSessions({ pool: database.pool, redis, tokens, users, log }),
    passwords: new Passwords(gate),
    signatures,
    wallets: openWallets(redis.insured, signatures),
  }
}
