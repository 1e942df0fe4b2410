import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { principalOf, requireUser } from '../../accounts/principal.ts'
import { isKnown } from '../../http/etag.ts'
import { HttpError } from '../../http/http-error.ts'
import { ErrorAnswer } from '../../http/openapi.ts'
import { sendJson } from '../../http/send-json.ts'
import { requireStorable } from '../../http/storable.ts'
import type { Rooms } from '../rooms/rooms.ts'
import { MessagesPage, MessagesQuery, Post, Posted } from '../schemas.ts'
import { type Position, readCursor } from './cursor.ts'
import { told } from './message.ts'
import type { Pages } from './pages.ts'
import type { MessageWriter } from './writer.ts'

const tags = ['messages']
const security = [{ session: [] }]
const errors = { '4xx': ErrorAnswer, '5xx': ErrorAnswer }

interface Options {
  readonly rooms: Rooms
  readonly pages: Pages
  readonly writer: MessageWriter
}

export function messageRoutes({ rooms, pages, writer }: Options): FastifyPluginAsyncTypebox {
  return async (app) => {
    app.addHook('onRequest', requireUser)

    app.get(
      '/api/messages',
      {
        schema: {
          tags,
          security,
          querystring: MessagesQuery,
          response: { 200: MessagesPage, 304: Type.Null(), ...errors },
        },
      },
      async (request, reply) => {
        const { room, limit } = request.query
        const position = positionOf(request.query)
        const { lastSeq } = await rooms.access(room, principalOf(request).userId)
        if (isKnown(request, reply, `messages-${lastSeq}`)) return reply.send(null)
        return sendJson(reply, await pages.page(room, lastSeq, position, limit))
      },
    )

    app.post(
      '/api/messages',
      { schema: { tags, security, body: Post, response: { 201: Posted, ...errors } } },
      async (request, reply) => {
        const { userId } = principalOf(request)
        const { room_id, recipient_id, content, client_id = null, encrypted = false } = request.body
        if ((room_id === undefined) === (recipient_id === undefined)) {
          throw new HttpError(400, 'body must have either room_id or recipient_id.')
        }
        requireStorable('content', content)
        if (client_id !== null) requireStorable('client_id', client_id)
        const at = Date.now()
        const roomId = room_id ?? (await rooms.direct(userId, recipient_id ?? ''))
        const message = await writer.write({ roomId, senderId: userId, clientId: client_id, content, encrypted, at })
        return reply.code(201).send({ message: told(message) })
      },
    )
  }
}

interface Query {
  readonly cursor?: string
  readonly after_seq?: number
}

function positionOf({ cursor, after_seq }: Query): Position {
  if (cursor !== undefined && after_seq !== undefined) {
    throw new HttpError(400, 'query has both cursor and after_seq; they go in different directions.')
  }
  if (after_seq !== undefined) return { direction: 'after', seq: after_seq }
  return cursor === undefined ? { direction: 'before', seq: Number.MAX_SAFE_INTEGER } : readCursor(cursor)
}
