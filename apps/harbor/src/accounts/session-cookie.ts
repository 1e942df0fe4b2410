import type { IncomingHttpHeaders } from 'node:http'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { tokenLifetime } from './tokens.ts'

const name = 'harbor_session'

/** The access token of a request, or of a handshake: `Authorization: Bearer`, else the cookie. */
export function tokenOf({ authorization, cookie }: IncomingHttpHeaders): string | undefined {
  const [, bearer] = /^Bearer ([\w.~+/=-]+)$/i.exec(authorization ?? '') ?? []
  return bearer ?? cookieNamed(cookie ?? '')
}

function cookieNamed(header: string): string | undefined {
  for (const pair of header.split(';')) {
    const [key, value] = pair.trim().split('=', 2)
    if (key === name) return value
  }
  return undefined
}

export function setSessionCookie(request: FastifyRequest, reply: FastifyReply, token: string): void {
  reply.header('set-cookie', `${name}=${token}; Max-Age=${tokenLifetime / 1000}${attributes(request)}`)
}

export function clearSessionCookie(request: FastifyRequest, reply: FastifyReply): void {
  reply.header('set-cookie', `${name}=; Max-Age=0${attributes(request)}`)
}

/** Pages of other sites can neither read it nor have it sent; behind TLS it never travels in the clear. */
const attributes = (request: FastifyRequest): string =>
  `; Path=/; HttpOnly; SameSite=Strict${request.protocol === 'https' ? '; Secure' : ''}`
