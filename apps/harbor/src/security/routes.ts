import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { requireAdmin } from '../accounts/principal.ts'
import type { Database } from '../database/database.ts'
import { ErrorAnswer } from '../http/openapi.ts'
import { QueryInteger } from '../http/validation.ts'
import type { Part } from '../part.ts'
import { readEvents } from './event-store.ts'
import type { OwnSecurity } from './open-security.ts'
import { severities } from './security-event.ts'

const tags = ['security']
const uuid = '^[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$'

const EventsQuery = Type.Object(
  {
    severity: Type.Optional(Type.Enum(severities)),
    user: Type.Optional(Type.String({ pattern: uuid, description: 'The id of a user.' })),
    cursor: Type.Optional(Type.String({ pattern: '^[1-9]\\d{0,14}$', description: 'The next_cursor before.' })),
    limit: QueryInteger(1, 100, { default: 50, description: 'The most events in one answer.' }),
  },
  { additionalProperties: false },
)

const EventsPage = Type.Object({
  events: Type.Array(
    Type.Object({
      id: Type.Integer(),
      occurred_at: Type.String({ format: 'date-time' }),
      kind: Type.String(),
      severity: Type.Enum(severities),
      user_id: Type.Union([Type.String(), Type.Null()]),
      address: Type.Union([Type.String(), Type.Null()]),
      details: Type.Record(Type.String(), Type.Union([Type.String(), Type.Number()])),
    }),
  ),
  next_cursor: Type.Union([Type.String(), Type.Null()]),
  has_more: Type.Boolean(),
})

/** The security events, newest first, for admins. */
export function security({ pool }: Database, { events }: OwnSecurity): Part {
  const routes: FastifyPluginAsyncTypebox = async (app) => {
    app.get(
      '/api/admin/security/events',
      {
        onRequest: requireAdmin,
        schema: {
          tags,
          security: [{ session: [] }],
          querystring: EventsQuery,
          response: { 200: EventsPage, '4xx': ErrorAnswer, '5xx': ErrorAnswer },
        },
      },
      async ({ query: { severity, user, cursor, limit } }) => {
        // What happened before the question is in the answer, as far as this instance knows.
        await events.flush()
        const before = cursor === undefined ? Number.MAX_SAFE_INTEGER : Number(cursor)
        const found = await readEvents(pool, { severity, userId: user }, before, limit + 1)
        const page = found.slice(0, limit)
        const last = found.length > limit ? page.at(-1) : undefined
        return {
          events: page.map(({ id, occurredAt, kind, severity, userId, address, details }) => ({
            id,
            occurred_at: occurredAt.toISOString(),
            kind,
            severity,
            user_id: userId ?? null,
            address: address ?? null,
            details,
          })),
          next_cursor: last ? String(last.id) : null,
          has_more: last !== undefined,
        }
      },
    )
  }
  return { name: 'security', routes, close: () => events.close() }
}
