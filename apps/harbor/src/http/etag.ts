import type { FastifyReply, FastifyRequest } from 'fastify'

/**
 * Says under which version an answer stands, for its user alone.
 * @returns true when the client has it already: 304 was set, and there is nothing to send but null
 */
export function isKnown(request: FastifyRequest, reply: FastifyReply, version: string): boolean {
  const etag = `W/"${version}"`
  // Other origins than harbor's own, where it has some, are answered differently too.
  const vary = [reply.getHeader('vary') ?? [], 'Authorization', 'Cookie', 'accept-encoding'].flat().join(', ')
  reply.headers({ etag, 'cache-control': 'private, no-cache', vary })
  const known = request.headers['if-none-match']
  if (known === undefined) return false
  const matches = known.trim() === '*' || known.split(',').some((each) => each.trim() === etag)
  if (matches) reply.code(304)
  return matches
}
