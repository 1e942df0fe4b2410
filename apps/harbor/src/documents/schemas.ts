import { Type } from 'typebox'
import { Uuid } from '../http/uuid.ts'
import { QueryInteger } from '../http/validation.ts'

export const strict = { additionalProperties: false }
const Instant = Type.String({ format: 'date-time', description: 'UTC, with milliseconds.' })
const Version = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })
const Limit = QueryInteger(1, 100, { default: 50, description: 'The most in one answer.' })
export const DocumentId = Uuid('The id of a document.')

/** Checked further by `readOperation`: `{ d }` alone is left to it. */
export const Operation = Type.Array(Type.Unknown(), {
  maxItems: 20_000,
  description: 'A number keeps so many code points, a string is inserted, { "d": n } deletes n code points.',
})

const Document = Type.Object({
  id: Type.String(),
  title: Type.String(),
  created_by: Type.String(),
  created_at: Instant,
})
export const NewDocument = Type.Object({ title: Type.String({ minLength: 1, maxLength: 200 }) }, strict)
export const MadeDocument = Type.Object({ document: Document })
export const DocumentParameters = Type.Object({ id: DocumentId }, strict)
export const DocumentsQuery = Type.Object(
  {
    cursor: Type.Optional(Type.String({ maxLength: 100, description: 'The next_cursor of the page before.' })),
    limit: Limit,
  },
  strict,
)
export const DocumentsPage = Type.Object({
  documents: Type.Array(Document),
  next_cursor: Type.Union([Type.String(), Type.Null()]),
  has_more: Type.Boolean(),
})
export const FullDocument = Type.Object({ document: Document, version: Version, content: Type.String() })
export const OperationsQuery = Type.Object(
  { after: QueryInteger(0, 999_999_999_999_999, { default: 0, description: 'A version.' }), limit: Limit },
  strict,
)
export const OperationsPage = Type.Object({
  operations: Type.Array(
    Type.Object({
      version: Version,
      op: Operation,
      user_id: Type.String(),
      client_id: Type.Union([Type.String(), Type.Null()]),
      created_at: Instant,
    }),
  ),
  has_more: Type.Boolean(),
})

export const Open = Type.Object({ document_id: DocumentId }, strict)
export const Submit = Type.Object(
  {
    document_id: DocumentId,
    version: Version,
    op: Operation,
    client_id: Type.Optional(Type.String({ minLength: 1, maxLength: 100 })),
  },
  strict,
)
const Place = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })
export const Move = Type.Object(
  { document_id: DocumentId, position: Place, anchor: Type.Optional(Type.Union([Place, Type.Null()])) },
  strict,
)
