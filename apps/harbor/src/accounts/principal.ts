import type { FastifyRequest } from 'fastify'
import { HttpError } from '../http/http-error.ts'

export type Role = 'member' | 'admin'

/** Who sends a request or holds a connection. */
export interface Principal {
  /** A UUID. */
  readonly userId: string
  readonly name: string
  readonly role: Role
  /** A UUID; one for each sign-in, and what `logout` ends. */
  readonly sessionId: string
}

/** What every part needs of accounts: who a token belongs to, on whichever instance it was given. */
export interface Sessions {
  /**
   * Undefined for a token that is not ours, was changed, has expired, or whose session was ended on any instance. Asks
   * neither Postgres nor Redis, so it works while they are away and may be called for every request and handshake.
   */
  authenticate(token: string): Promise<Principal | undefined>
  /** Calls back with the id of each session that ends, here or elsewhere; whoever holds connections closes its own. */
  onEnd(listener: (sessionId: string) => void): void
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Set before any route's own hooks run, on every path; undefined for whoever is not signed in. */
    principal: Principal | undefined
  }
}

/**
 * Who sends it, on routes behind `requireUser`.
 * @throws {HttpError} 401 when nobody is signed in
 */
export function principalOf(request: FastifyRequest): Principal {
  if (request.principal) return request.principal
  throw new HttpError(401, 'This needs a sign-in: Authorization: Bearer <token>, or the harbor_session cookie.', {
    headers: { 'www-authenticate': 'Bearer' },
  })
}

/** A hook (`onRequest` or `preHandler`) for routes that need a sign-in; as `onRequest`, a stranger's body is not read. */
export async function requireUser(request: FastifyRequest): Promise<void> {
  principalOf(request)
}

/** As `requireUser`, and 403 for whoever is not an admin. */
export async function requireAdmin(request: FastifyRequest): Promise<void> {
  if (principalOf(request).role !== 'admin') throw new HttpError(403, 'This is for administrators.')
}
