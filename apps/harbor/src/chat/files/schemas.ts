import { Type } from 'typebox'
import { Uuid } from '../../http/uuid.ts'
import { QueryInteger } from '../../http/validation.ts'
import { RoomId, strict } from '../schemas.ts'

export const StoredFile = Type.Object({
  id: Type.String(),
  name: Type.String(),
  type: Type.String(),
  size: Type.Integer({ description: 'In bytes.' }),
  owner_id: Type.String(),
  room_id: Type.Union([Type.String(), Type.Null()]),
  created_at: Type.String({ format: 'date-time', description: 'UTC, with milliseconds.' }),
})
export const UploadedFile = Type.Intersect([
  StoredFile,
  Type.Object({
    width: Type.Optional(Type.Integer({ description: 'Of an image that may be shown, in pixels.' })),
    height: Type.Optional(Type.Integer()),
  }),
])
export const UploadQuery = Type.Object({ room: Type.Optional(RoomId) }, strict)
export const FileParameters = Type.Object({ id: Uuid('The id of a file.') }, strict)
export const FilesQuery = Type.Object(
  {
    room: Type.Optional(RoomId),
    cursor: Type.Optional(Type.String({ maxLength: 100, description: 'The next_cursor of the page before.' })),
    limit: QueryInteger(1, 100, { default: 50, description: 'The most in one answer.' }),
  },
  strict,
)
export const FilesPage = Type.Object({
  files: Type.Array(StoredFile),
  next_cursor: Type.Union([Type.String(), Type.Null()]),
  has_more: Type.Boolean(),
})
