import { HttpError } from '../http/http-error.ts'
import type { Security } from '../security/security.ts'
import type { Passwords } from './passwords.ts'
import type { Users } from './users.ts'
import type { Wallets } from './wallet.ts'

interface Options {
  readonly users: Users
  readonly passwords: Passwords
  readonly wallets: Wallets
  readonly security: Security
}

interface Credentials {
  readonly email?: string
  readonly password?: string
  readonly address?: string
  readonly signature?: string
}

/**
 * Checks a password or a wallet's signature.
 * @returns a function of the credentials and the client's address, which gives the user's id
 * @throws {HttpError} 400 for a mixture, 401 for wrong ones, 429 when the account or the address is blocked
 */
export function signIn({ users, passwords, wallets, security: { logins, record } }: Options) {
  async function byPassword(account: string, password: string, address: string): Promise<string> {
    const attempt = { account, address }
    // Twice: so that a flood does not fill the line, and none of it that is in line is one guess too many.
    await logins.admit(attempt)
    const user = await users.credentials(account)
    const matches = await passwords.verify(password, user?.passwordHash, async (compare) => {
      await logins.admit(attempt)
      const matches = await compare()
      await (matches ? logins.succeeded(attempt) : logins.failed(attempt))
      return matches
    })
    if (user && matches) return user.id
    record({ kind: 'login_failed', userId: user?.id, address })
    throw new HttpError(401, 'The email address or the password is wrong.')
  }

  async function byWallet(account: string, signature: string, address: string): Promise<string> {
    const attempt = { account, address }
    await logins.admit(attempt)
    if (await wallets.accept(account, signature)) {
      await logins.succeeded(attempt)
      return users.ofWallet(account, `${account.slice(0, 6)}…${account.slice(-4)}`)
    }
    record({ kind: 'login_failed', address, details: { wallet: account } })
    await logins.failed(attempt)
    throw new HttpError(
      401,
      'The signature is not of this address, or its message is no longer good; ask for a new one.',
    )
  }

  return async ({ email, password, address, signature }: Credentials, from: string): Promise<string> => {
    if (email !== undefined && password !== undefined && address === undefined && signature === undefined) {
      return byPassword(email.toLowerCase(), password, from)
    }
    if (address !== undefined && signature !== undefined && email === undefined && password === undefined) {
      return byWallet(address.toLowerCase(), signature, from)
    }
    throw new HttpError(400, 'The body must hold email and password, or address and signature.', {
      details: [{ path: 'body', message: 'must hold email and password, or address and signature' }],
    })
  }
}
