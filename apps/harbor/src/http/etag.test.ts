import type { FastifyReply, FastifyRequest } from 'fastify'
import { expect, it } from 'vitest'
import { isKnown } from './etag.ts'

function ask(known: string | undefined, vary?: string, maxAge?: number) {
  const sent: { code: number; headers: Record<string, unknown> } = { code: 200, headers: {} }
  const reply = {
    getHeader: () => vary,
    headers: (headers: Record<string, unknown>) => Object.assign(sent.headers, headers),
    code: (code: number) => {
      sent.code = code
    },
  }
  const request = { headers: known === undefined ? {} : { 'if-none-match': known } }
  const is = isKnown(request as unknown as FastifyRequest, reply as unknown as FastifyReply, 'users-7', maxAge)
  return { is, ...sent }
}

it.each([
  [undefined, false],
  ['W/"users-7"', true],
  ['W/"users-6", W/"users-7"', true],
  [' * ', true],
  ['W/"users-6"', false],
  ['"users-7"', false],
  ['', false],
] as const)('who has %s has it already: %s', (known, is) => {
  const answer = ask(known)
  expect(answer.is).toBe(is)
  expect(answer.code).toBe(is ? 304 : 200)
})

it('is kept by nobody for anybody else', () => {
  expect(ask(undefined).headers).toEqual({
    etag: 'W/"users-7"',
    'cache-control': 'private, no-cache',
    vary: 'Authorization, Cookie, accept-encoding',
  })
  expect(ask(undefined, 'Origin').headers['vary']).toBe('Origin, Authorization, Cookie, accept-encoding')
})

it('is good for a while where that is said', () => {
  expect(ask('W/"users-7"', undefined, 60).headers['cache-control']).toBe('private, max-age=60')
})
