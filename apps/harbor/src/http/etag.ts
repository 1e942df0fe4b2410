import type { FastifyReply, FastifyRequest } from 'fastify'

/**
 * Says under which version an answer stands, for its user alone.
 * @param maxAge in seconds: for so long the client need not ask again, and may have what is old
 * @returns true when the client has it already: 304 was set, and there is nothing to send but null
 */
export function isKnown(request: FastifyRequest, reply: FastifyReply, version: string, maxAge = 0): boolean {
  const etag = `W/"${version}"`
  // Other origins than harbor's own, where it has some, are answered differently too.
  const vary = [reply.getHeader('vary') ?? [], 'Authorization', 'Cookie', 'accept-encoding'].flat().join(', ')
  reply.headers({ etag, 'cache-control': `private, ${maxAge > 0 ? `max-age=${maxAge}` : 'no-cache'}`, vary })
  const known = request.headers['if-none-match']
  if (known === undefined) return false
  const matches = known.trim() === '*' || known.split(',').some((each) => each.trim() === etag)
  if (matches) reply.code(304)
  return matches
}
