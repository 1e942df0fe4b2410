import { createHmac, timingSafeEqual } from 'node:crypto'

const lifetime = 30 * 24 * 3600 * 1000

export interface EnrollmentTokens {
  /** @returns an opaque text that says, under harbor's signature, which device its bearer is */
  issue(deviceId: string): string
  /** The device's id; undefined when the token is not ours, was changed, or is older than 30 days. */
  verify(token: string): string | undefined
}

/** Tokens are `v1.<device>.<expiry>.<mac>`: checked without a question to Postgres, on every instance with the secret. */
export function enrollmentTokens(secret: string, now: () => number = Date.now): EnrollmentTokens {
  const mac = (payload: string): Buffer =>
    createHmac('sha256', secret).update('enrollment-token\0').update(payload).digest()

  return {
    issue(deviceId) {
      const payload = `v1.${Buffer.from(deviceId).toString('base64url')}.${(now() + lifetime).toString(36)}`
      return `${payload}.${mac(payload).toString('base64url')}`
    },
    verify(token) {
      const end = token.lastIndexOf('.')
      const payload = token.slice(0, Math.max(end, 0))
      const given = Buffer.from(token.slice(end + 1), 'base64url')
      const expected = mac(payload)
      if (given.length !== expected.length || !timingSafeEqual(given, expected)) return undefined
      const [, device = '', expiry = ''] = payload.split('.')
      if (Number.parseInt(expiry, 36) <= now()) return undefined
      return Buffer.from(device, 'base64url').toString()
    },
  }
}
