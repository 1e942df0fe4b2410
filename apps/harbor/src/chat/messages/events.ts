import { Type } from 'typebox'
import type { Channels } from '../../fan-out/channels.ts'
import { HttpError } from '../../http/http-error.ts'
import { isStorableText } from '../../http/validation.ts'
import { type SocketEvents, socketEvent } from '../../sockets/socket-event.ts'
import type { Presence } from '../presence/presence.ts'
import type { Rooms } from '../rooms/rooms.ts'
import { ClientId, Content, RoomId, strict } from '../schemas.ts'
import { told } from './message.ts'
import type { MessageWriter } from './writer.ts'

const Join = Type.Object(
  {
    room_id: RoomId,
    after_seq: Type.Optional(Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })),
    /** Asks who is there. */
    present: Type.Optional(Type.Boolean()),
  },
  strict,
)
const Leave = Type.Object({ room_id: RoomId }, strict)
const Send = Type.Object(
  {
    room_id: RoomId,
    content: Content,
    client_id: Type.Optional(ClientId),
    encrypted: Type.Optional(Type.Boolean()),
  },
  strict,
)

/** Rooms that one connection may be in. */
const mostRooms = 1_000

interface Options {
  readonly rooms: Rooms
  readonly channels: Channels
  readonly writer: MessageWriter
  readonly presence: Presence
}

export function messageEvents({ rooms, channels, writer, presence }: Options): SocketEvents {
  return {
    'room:join': socketEvent(Join, async (connection, { room_id, after_seq, present = false }, answer) => {
      if (presence.roomsOf(connection).size >= mostRooms) {
        throw new HttpError(429, `This connection is in ${mostRooms} rooms already.`)
      }
      const { membersVersion } = await rooms.access(room_id, connection.principal.userId)
      const elsewhere = present ? await presence.elsewhere(room_id) : undefined
      const welcome: Parameters<Channels['join']>[3] = (seq, missed, more) => {
        presence.joined(connection, room_id)
        const joined = { seq, missed: JSON.parse(`[${missed.map(({ json }) => json).join(',')}]`), more }
        answer(elsewhere === undefined ? joined : { ...joined, present: presence.list(room_id, elsewhere) })
      }
      await channels.join(room_id, connection, after_seq, welcome, membersVersion)
    }),

    'room:leave': socketEvent(Leave, async (connection, { room_id }, answer) => {
      channels.leave(room_id, connection)
      presence.left(connection, room_id)
      answer({})
    }),

    'message:send': socketEvent(Send, async (connection, payload, answer) => {
      const { room_id: roomId, content, client_id: clientId = null, encrypted = false } = payload
      if (!isStorableText(content) || !isStorableText(clientId ?? '')) {
        throw new HttpError(400, 'A text must not hold a NUL character or a lone surrogate.')
      }
      const senderId = connection.principal.userId
      const message = await writer.write({ roomId, senderId, clientId, content, encrypted, at: Date.now() })
      answer({ message: told(message) })
    }),
  }
}
