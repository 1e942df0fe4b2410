import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { principalOf, requireUser } from '../../accounts/principal.ts'
import type { LayeredCache } from '../../cache/layered-cache.ts'
import type { Channels } from '../../fan-out/channels.ts'
import { isKnown } from '../../http/etag.ts'
import { HttpError } from '../../http/http-error.ts'
import { ErrorAnswer } from '../../http/openapi.ts'
import { sendJson } from '../../http/send-json.ts'
import { requireStorable } from '../../http/storable.ts'
import {
  Done,
  GroupsPage,
  GroupsQuery,
  MadeRoom,
  MembersPage,
  MembersQuery,
  NewRoom,
  RoomParameters,
  RoomsPage,
  RoomsQuery,
} from '../schemas.ts'
import type { Listed, Listing } from './listing.ts'
import { told } from './room.ts'
import type { Rooms } from './rooms.ts'

const tags = ['rooms']
const security = [{ session: [] }]
const errors = { '4xx': ErrorAnswer, '5xx': ErrorAnswer }

interface Options {
  readonly rooms: Rooms
  readonly listing: Listing
  readonly membersCache: LayeredCache
  readonly channels: Channels
}

export function roomRoutes({ rooms, listing, membersCache, channels }: Options): FastifyPluginAsyncTypebox {
  async function list(
    kind: Listed,
    { cursor, limit }: { cursor?: string; limit: number },
    request: FastifyRequest,
    reply: FastifyReply,
  ) {
    const version = await listing.version(kind)
    if (isKnown(request, reply, `${kind}s-${version}`)) return reply.send(null)
    return sendJson(reply, await listing.page(kind, version, cursor, limit))
  }

  function tellMember(roomId: string, userId: string, name: string, change: 'joined' | 'left'): void {
    const json = JSON.stringify({ room_id: roomId, user_id: userId, name, change })
    channels.signal(roomId, `member:${userId}`, { event: 'room:member', json })
  }

  return async (app) => {
    app.addHook('onRequest', requireUser)

    app.get(
      '/api/rooms',
      {
        schema: { tags, security, querystring: RoomsQuery, response: { 200: RoomsPage, 304: Type.Null(), ...errors } },
      },
      async (request, reply) => {
        const { joined, ...query } = request.query
        if (joined === undefined) return list('room', query, request, reply)
        return sendJson(reply, await listing.ofUser(principalOf(request).userId, query.limit))
      },
    )

    app.get(
      '/api/groups',
      {
        schema: {
          tags,
          security,
          querystring: GroupsQuery,
          response: { 200: GroupsPage, 304: Type.Null(), ...errors },
        },
      },
      (request, reply) => list('group', request.query, request, reply),
    )

    app.post(
      '/api/rooms',
      { schema: { tags, security, body: NewRoom, response: { 201: MadeRoom, ...errors } } },
      async (request, reply) => {
        const { name, kind = 'room' } = request.body
        requireStorable('name', name)
        const room = told(await rooms.create(name, kind, principalOf(request).userId))
        return reply.code(201).send({ room })
      },
    )

    app.post(
      '/api/rooms/:id/join',
      { schema: { tags, security, params: RoomParameters, response: { 200: Done, ...errors } } },
      async (request) => {
        const { userId, name } = principalOf(request)
        const { id } = request.params
        if (await rooms.join(id, userId)) tellMember(id, userId, name, 'joined')
        return { ok: true as const }
      },
    )

    app.post(
      '/api/rooms/:id/leave',
      { schema: { tags, security, params: RoomParameters, response: { 200: Done, ...errors } } },
      async (request) => {
        const { userId, name } = principalOf(request)
        const { id } = request.params
        if (await rooms.leave(id, userId)) tellMember(id, userId, name, 'left')
        channels.dismiss(id, userId)
        return { ok: true as const }
      },
    )

    app.get(
      '/api/rooms/:id/members',
      {
        schema: {
          tags,
          security,
          params: RoomParameters,
          querystring: MembersQuery,
          response: { 200: MembersPage, 304: Type.Null(), ...errors },
        },
      },
      async (request, reply) => {
        const { id } = request.params
        const { cursor, limit } = request.query
        const after = cursor === undefined ? undefined : readCursor(cursor)
        const { membersVersion } = await rooms.access(id, principalOf(request).userId)
        if (isKnown(request, reply, `members-${membersVersion}`)) return reply.send(null)
        const key = `${id}:${membersVersion}:${after ?? ''}:${limit}`
        return sendJson(reply, await membersCache.get(key, () => readMembers(id, after, limit)))
      },
    )
  }

  async function readMembers(roomId: string, after: string | undefined, limit: number): Promise<string> {
    const found = await rooms.members(roomId, after, limit + 1)
    const page = found.slice(0, limit)
    const last = found.length > limit ? page.at(-1) : undefined
    return JSON.stringify({
      members: page.map(({ user_id, name, joined_at }) => ({ user_id, name, joined_at: joined_at.toISOString() })),
      next_cursor: last ? Buffer.from(last.user_id).toString('base64url') : null,
      has_more: last !== undefined,
    })
  }
}

/** Where a page of members ended: with which user. */
function readCursor(cursor: string): string {
  const id = Buffer.from(cursor, 'base64url').toString()
  if (/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id)) return id
  throw new HttpError(400, 'query/cursor is not the next_cursor of an answer.', {
    details: [{ path: 'query/cursor', message: 'is not the next_cursor of an answer' }],
  })
}
