import type { FastifyReply, FastifyRequest } from 'fastify'
import { describe, expect, it } from 'vitest'
import { clearSessionCookie, setSessionCookie, tokenOf } from './session-cookie.ts'

describe('the token of a request', () => {
  it.each([
    [{}, undefined],
    [{ authorization: 'Bearer a.b-c' }, 'a.b-c'],
    [{ authorization: 'bearer a' }, 'a'],
    [{ authorization: 'Basic YTpi' }, undefined],
    [{ authorization: 'Bearer a b' }, undefined],
    [{ cookie: 'other=1; harbor_session=a.b; more=2' }, 'a.b'],
    [{ cookie: 'xharbor_session=a' }, undefined],
    [{ cookie: 'harbor_session' }, undefined],
    [{ authorization: 'Bearer a', cookie: 'harbor_session=b' }, 'a'],
  ])('of %j is %s', (headers, token) => expect(tokenOf(headers)).toBe(token))
})

describe('the cookie of a session', () => {
  function cookieOf(write: (request: FastifyRequest, reply: FastifyReply) => void, protocol: string): string {
    let cookie = ''
    const reply = {
      header: (_: string, value: string) => {
        cookie = value
      },
    }
    write({ protocol } as FastifyRequest, reply as unknown as FastifyReply)
    return cookie
  }
  const begin = (request: FastifyRequest, reply: FastifyReply) => setSessionCookie(request, reply, 'a.b')

  it('is out of reach of scripts and of other sites, and stays within TLS where there is TLS', () => {
    expect(cookieOf(begin, 'https')).toMatch(
      /^harbor_session=a\.b; Max-Age=\d+; Path=\/; HttpOnly; SameSite=Strict; Secure$/,
    )
    expect(cookieOf(begin, 'http')).not.toContain('Secure')
  })

  it('is taken back under the same attributes', () => {
    expect(cookieOf(clearSessionCookie, 'https')).toBe(
      'harbor_session=; Max-Age=0; Path=/; HttpOnly; SameSite=Strict; Secure',
    )
  })
})
