import type { FastifyRequest } from 'fastify'
import { expect, it } from 'vitest'
import { bearer } from './bearer.ts'
import { enrollmentTokens } from './enrollment-token.ts'

const tokens = enrollmentTokens('a secret')
const from = (authorization: string | undefined) => bearer({ headers: { authorization } } as FastifyRequest, tokens)

it('is the device that the token was issued to', () => {
  expect(from(`Bearer ${tokens.issue('device-1')}`)).toBe('device-1')
})

it.each([
  [undefined, 'This needs the enrollment token'],
  ['Basic abc', 'This needs the enrollment token'],
  ['Bearer a b', 'This needs the enrollment token'],
  ['Bearer abc', 'The enrollment token is not valid'],
  [`Bearer ${enrollmentTokens('another secret').issue('device-1')}`, 'The enrollment token is not valid'],
])('is nobody with %s', (authorization, message) => {
  expect(() => from(authorization)).toThrow(
    expect.objectContaining({ status: 401, message: expect.stringContaining(message) }),
  )
})
