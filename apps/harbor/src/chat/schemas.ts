import { Type } from 'typebox'
import { Uuid } from '../http/uuid.ts'
import { QueryInteger } from '../http/validation.ts'

export const strict = { additionalProperties: false }
const Nullable = <T extends Parameters<typeof Type.Union>[0][number]>(schema: T) => Type.Union([schema, Type.Null()])
const Instant = Type.String({ format: 'date-time', description: 'UTC, with milliseconds.' })
const Cursor = Type.Optional(Type.String({ maxLength: 100, description: 'The next_cursor of the page before.' }))
const Limit = QueryInteger(1, 100, { default: 50, description: 'The most in one answer.' })
const paged = { next_cursor: Nullable(Type.String()), has_more: Type.Boolean() }

/** 32 Ki UTF-16 code units. */
export const Content = Type.String({ minLength: 1, maxLength: 32_768, description: 'Kept and given back as it is.' })
export const ClientId = Type.String({ minLength: 1, maxLength: 100, description: 'The same again: the same message.' })
export const RoomId = Uuid('The id of a room.')

export const Message = Type.Object({
  id: Type.String(),
  room_id: Type.String(),
  seq: Type.Integer({ minimum: 1, description: 'Counts 1, 2, 3 … in each room.' }),
  sender_id: Type.String(),
  content: Type.String(),
  client_id: Nullable(Type.String()),
  encrypted: Type.Optional(Type.Boolean()),
  created_at: Instant,
})
export const Posted = Type.Object({ message: Message })
export const Post = Type.Object(
  {
    room_id: Type.Optional(RoomId),
    recipient_id: Type.Optional(Uuid('A user; the message goes to the direct room of the two.')),
    content: Content,
    client_id: Type.Optional(ClientId),
    encrypted: Type.Optional(Type.Boolean({ description: 'Kept as it is; never found by a search.' })),
  },
  strict,
)
export const MessagesQuery = Type.Object(
  {
    room: RoomId,
    cursor: Cursor,
    after_seq: Type.Optional(QueryInteger(0, 999_999_999_999_999, { description: 'Oldest first, after this one.' })),
    limit: Limit,
  },
  strict,
)
export const MessagesPage = Type.Object({ messages: Type.Array(Message), ...paged })

export const SearchQuery = Type.Object(
  {
    q: Type.String({ minLength: 1, maxLength: 200, description: 'Words, "phrases", or, -not.' }),
    room: Type.Optional(RoomId),
    limit: Limit,
  },
  strict,
)
export const SearchResults = Type.Object({
  messages: Type.Array(
    Type.Intersect([
      Message,
      Type.Object({
        rank: Type.Number(),
        highlight: Type.String({ description: 'HTML: what was found in <mark>, everything else escaped.' }),
      }),
    ]),
  ),
})

const Kind = Type.Union([Type.Literal('room'), Type.Literal('group')])
export const Room = Type.Object({
  id: Type.String(),
  kind: Type.Union([Kind, Type.Literal('direct')]),
  name: Type.String(),
  created_by: Type.String(),
  created_at: Instant,
  last_seq: Type.Optional(Type.Integer()),
  peer: Type.Optional(
    Type.Object(
      { user_id: Type.String(), name: Type.String() },
      { description: 'The other one of a direct room, in the list of those that one is in.' },
    ),
  ),
})
export const NewRoom = Type.Object(
  { name: Type.String({ minLength: 1, maxLength: 100 }), kind: Type.Optional(Kind) },
  strict,
)
export const MadeRoom = Type.Object({ room: Room })
export const RoomParameters = Type.Object({ id: RoomId }, strict)
export const RoomsQuery = Type.Object(
  {
    cursor: Cursor,
    limit: Limit,
    joined: Type.Optional(Type.Literal('true', { description: 'Only those that one is in, direct ones too.' })),
  },
  strict,
)
export const GroupsQuery = Type.Object({ cursor: Cursor, limit: Limit }, strict)
export const RoomsPage = Type.Object({ rooms: Type.Array(Room), ...paged })
export const GroupsPage = Type.Object({ groups: Type.Array(Room), ...paged })
export const MembersQuery = Type.Object({ cursor: Cursor, limit: Limit }, strict)
export const MembersPage = Type.Object({
  members: Type.Array(Type.Object({ user_id: Type.String(), name: Type.String(), joined_at: Instant })),
  ...paged,
})
export const Done = Type.Object({ ok: Type.Literal(true) })
