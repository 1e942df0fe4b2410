import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { principalOf, requireUser } from '../../accounts/principal.ts'
import { HttpError } from '../../http/http-error.ts'
import { ErrorAnswer } from '../../http/openapi.ts'
import { isStorableText } from '../../http/validation.ts'
import type { Rooms } from '../rooms/rooms.ts'
import { SearchQuery, SearchResults } from '../schemas.ts'
import type { Search } from './search.ts'

const errors = { '4xx': ErrorAnswer, '5xx': ErrorAnswer }

export function searchRoutes(search: Search, rooms: Rooms): FastifyPluginAsyncTypebox {
  return async (app) => {
    app.get(
      '/api/messages/search',
      {
        onRequest: requireUser,
        schema: {
          tags: ['messages'],
          security: [{ session: [] }],
          querystring: SearchQuery,
          response: { 200: SearchResults, ...errors },
        },
      },
      async (request) => {
        const { q, room, limit } = request.query
        if (!isStorableText(q)) throw new HttpError(400, 'query/q must not hold a NUL character or a lone surrogate.')
        const { userId } = principalOf(request)
        if (room !== undefined) await rooms.access(room, userId)
        return { messages: [...(await search({ userId, query: q, roomId: room, limit }))] }
      },
    )
  }
}
