import type { IncomingMessage } from 'node:http'
import type { Principal } from '../accounts/principal.ts'
import type { SecurityEvent } from './security-event.ts'

/** Who tries to sign in, and from where. */
export interface LoginAttempt {
  /** The email or wallet address, in lower case. */
  readonly account: string
  /** The client's IP address. */
  readonly address: string
}

/** Keeps out who guesses passwords. */
export interface LoginGuard {
  /** @throws {HttpError} 429 while the account or the address is blocked */
  admit(attempt: LoginAttempt): Promise<void>
  failed(attempt: LoginAttempt): Promise<void>
  succeeded(attempt: LoginAttempt): Promise<void>
}

/** What other parts need of security. Layers that are switched off let everything pass. */
export interface Security {
  /**
   * Called for every request and handshake, after it is known who sends it.
   * @throws {HttpError} 403 for a banned address, 429 above the limit
   */
  admit(request: IncomingMessage, principal: Principal | undefined): Promise<void>
  /** The client's IP address: the peer's, or what trusted proxies say it is. */
  addressOf(request: IncomingMessage): string
  isTrustedProxy(address: string): boolean
  record(event: SecurityEvent): void
  readonly logins: LoginGuard
}
