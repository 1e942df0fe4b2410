import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { principalOf, requireUser } from '../accounts/principal.ts'
import { Channels } from '../fan-out/channels.ts'
import { isKnown } from '../http/etag.ts'
import { numberCursor } from '../http/number-cursor.ts'
import { ErrorAnswer } from '../http/openapi.ts'
import { requireStorable } from '../http/storable.ts'
import type { Part, Services } from '../part.ts'
import type { SocketEvents } from '../sockets/socket-event.ts'
import { told } from './document.ts'
import { documentEvents } from './events.ts'
import {
  DocumentParameters,
  DocumentsPage,
  DocumentsQuery,
  FullDocument,
  MadeDocument,
  NewDocument,
  OperationsPage,
  OperationsQuery,
} from './schemas.ts'
import { openStore } from './store.ts'
import type { Operation } from './text-operation.ts'
import { operationWriter } from './writer.ts'

const tags = ['documents']
const security = [{ session: [] }]
const errors = { '4xx': ErrorAnswer, '5xx': ErrorAnswer }
const cursors = numberCursor('d')

/** Texts that many change at once: operational transformation, with one order of operations for each document. */
export function documents({
  database,
  redis,
  log,
}: Pick<Services, 'database' | 'redis' | 'log'>): Part & { readonly events: SocketEvents } {
  const store = openStore(database.pool)
  const channels = new Channels({ name: 'document', event: 'doc:op', log: store.log, redis, logger: log })
  const writer = operationWriter({ writer: database.writer, channels, store, log })

  const routes: FastifyPluginAsyncTypebox = async (app) => {
    app.addHook('onRequest', requireUser)

    app.post(
      '/api/documents',
      { schema: { tags, security, body: NewDocument, response: { 201: MadeDocument, ...errors } } },
      async (request, reply) => {
        requireStorable('title', request.body.title)
        const made = await store.create(request.body.title, principalOf(request).userId)
        return reply.code(201).send({ document: told(made) })
      },
    )

    app.get(
      '/api/documents',
      {
        schema: {
          tags,
          security,
          querystring: DocumentsQuery,
          response: { 200: DocumentsPage, 304: Type.Null(), ...errors },
        },
      },
      async (request, reply) => {
        const { cursor, limit } = request.query
        const after = cursors.read(cursor)
        if (isKnown(request, reply, `documents-${await store.newest()}`)) return reply.send(null)
        const found = await store.page(after, limit + 1)
        const page = found.slice(0, limit)
        const last = found.length > limit ? page.at(-1) : undefined
        return {
          documents: page.map(told),
          next_cursor: last ? cursors.write(last.number) : null,
          has_more: last !== undefined,
        }
      },
    )

    app.get(
      '/api/documents/:id',
      {
        schema: {
          tags,
          security,
          params: DocumentParameters,
          response: { 200: FullDocument, 304: Type.Null(), ...errors },
        },
      },
      async (request, reply) => {
        const document = await store.get(request.params.id)
        if (isKnown(request, reply, `document-${document.version}`)) return reply.send(null)
        const full = await store.content(document.id)
        // It may have been changed in between.
        reply.header('etag', `W/"document-${full.version}"`)
        return { document: told(document), ...full }
      },
    )

    app.get(
      '/api/documents/:id/operations',
      {
        schema: {
          tags,
          security,
          params: DocumentParameters,
          querystring: OperationsQuery,
          response: { 200: OperationsPage, ...errors },
        },
      },
      async (request) => {
        const { after, limit } = request.query
        const document = await store.get(request.params.id)
        const rows = await store.operations(document.id, after, limit + 1)
        return {
          operations: rows.slice(0, limit).map(({ version, op, user_id, client_id, created_at }) => ({
            version: Number(version),
            op: JSON.parse(op) as Operation,
            user_id,
            client_id,
            created_at: created_at.toISOString(),
          })),
          has_more: rows.length > limit,
        }
      },
    )
  }

  return {
    name: 'documents',
    routes,
    events: documentEvents({ store, channels, writer }),
    close: async () => {
      await writer.close()
      channels.close()
    },
  }
}
