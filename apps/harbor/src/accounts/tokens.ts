import { createHmac, timingSafeEqual } from 'node:crypto'
import type { Principal, Role } from './principal.ts'

/** As long as the seeds keep a session; it can be ended at any time before. */
export const tokenLifetime = 24 * 3600 * 1000

export interface AccessToken extends Principal {
  /** Milliseconds since 1970. */
  readonly expiresAt: number
}

export interface RefreshToken {
  readonly sessionId: string
  /** Counts the refreshes of the session; only the newest token is good. */
  readonly generation: number
}

export interface Tokens {
  issueAccess(principal: Principal): string
  /** Undefined when it is not ours, was changed, or has expired. */
  readAccess(token: string): AccessToken | undefined
  issueRefresh(token: RefreshToken): string
  /** Undefined when it is not ours or was changed; whether it is still good, the session knows. */
  readRefresh(token: string): RefreshToken | undefined
}

interface Claims {
  readonly sub: string
  readonly sid: string
  readonly name: string
  readonly role: Role
  readonly iat: number
  readonly exp: number
}

/** The only header that there is: whatever asks for another algorithm, or for none, is not one of our tokens. */
const header = Buffer.from('{"alg":"HS256","typ":"JWT"}').toString('base64url')

/** Access tokens are JSON Web Tokens (RFC 7519) under HMAC-SHA-256; refresh tokens are for harbor alone to read. */
export function createTokens(secret: string, now: () => number = Date.now): Tokens {
  const signer = (purpose: string) => {
    const key = createHmac('sha256', secret).update(purpose).digest()
    const sign = (text: string) => createHmac('sha256', key).update(text).digest()
    return {
      seal: (text: string) => `${text}.${sign(text).toString('base64url')}`,
      /** The text before the signature, if that fits. */
      open(sealed: string): string | undefined {
        const end = sealed.lastIndexOf('.')
        const text = sealed.slice(0, Math.max(end, 0))
        const given = Buffer.from(sealed.slice(end + 1), 'base64url')
        const expected = sign(text)
        return given.length === expected.length && timingSafeEqual(given, expected) ? text : undefined
      },
    }
  }
  const access = signer('access-token')
  const refresh = signer('refresh-token')

  return {
    issueAccess({ userId, sessionId, name, role }) {
      const issuedAt = now()
      const claims: Claims = {
        sub: userId,
        sid: sessionId,
        name,
        role,
        iat: Math.floor(issuedAt / 1000),
        exp: Math.floor((issuedAt + tokenLifetime) / 1000),
      }
      return access.seal(`${header}.${Buffer.from(JSON.stringify(claims)).toString('base64url')}`)
    },
    readAccess(token) {
      if (!token.startsWith(header)) return undefined
      const text = access.open(token)
      if (text === undefined) return undefined
      const claims = JSON.parse(Buffer.from(text.slice(header.length + 1), 'base64url').toString()) as Claims
      const expiresAt = claims.exp * 1000
      if (expiresAt <= now()) return undefined
      return { userId: claims.sub, sessionId: claims.sid, name: claims.name, role: claims.role, expiresAt }
    },
    issueRefresh: ({ sessionId, generation }) => refresh.seal(`r1.${sessionId}.${generation}`),
    readRefresh(token) {
      const [, sessionId, generation] = refresh.open(token)?.split('.') ?? []
      if (sessionId === undefined || generation === undefined) return undefined
      return { sessionId, generation: Number(generation) }
    },
  }
}
