import type { Channels } from '../fan-out/channels.ts'
import { HttpError } from '../http/http-error.ts'
import { isStorableText } from '../http/validation.ts'
import type { Connection } from '../sockets/connection.ts'
import { type SocketEvents, socketEvent } from '../sockets/socket-event.ts'
import { Move, Open, Submit } from './schemas.ts'
import type { DocumentStore } from './store.ts'
import { applyAll, type Operation, readOperation } from './text-operation.ts'
import type { OperationWriter } from './writer.ts'

interface Options {
  readonly store: DocumentStore
  readonly channels: Channels
  readonly writer: OperationWriter
}

/** Documents that one connection may have open. */
const mostOpen = 100

const isFull = (ids: ReadonlySet<string>, id: string): boolean => !ids.has(id) && ids.size >= mostOpen
const tooManyOpen = () => new HttpError(429, `This connection has ${mostOpen} documents open already.`)

export function documentEvents({ store, channels, writer }: Options): SocketEvents {
  const open = new WeakMap<Connection, Set<string>>()

  function openOf(connection: Connection): Set<string> {
    const known = open.get(connection)
    if (known) return known
    const ids = new Set<string>()
    open.set(connection, ids)
    connection.onClose(() => {
      for (const id of ids) channels.leave(id, connection)
    })
    return ids
  }

  return {
    'doc:open': socketEvent(Open, async (connection, { document_id: id }, answer) => {
      const ids = openOf(connection)
      if (isFull(ids, id)) throw tooManyOpen()
      await store.get(id)
      const { version, content } = await store.content(id)
      await channels.join(id, connection, version, (last, missed, more) => {
        const tooFast = more ? new HttpError(503, 'The document changes too fast; try again.') : undefined
        // Others may have been opened meanwhile.
        const refusal = tooFast ?? (isFull(ids, id) ? tooManyOpen() : undefined)
        if (refusal !== undefined) {
          channels.leave(id, connection)
          throw refusal
        }
        ids.add(id)
        const operations = missed.map(({ json }) => (JSON.parse(json) as { op: Operation }).op)
        answer({ version: last, content: applyAll(content, operations) })
      })
    }),

    'doc:submit': socketEvent(Submit, async (connection, payload, answer) => {
      const { document_id: documentId, version, client_id: clientId = null } = payload
      const operation = readOperation(payload.op)
      if (operation === undefined) throw new HttpError(400, 'The op is no text operation.')
      if (!isStorableText(clientId ?? '')) throw new HttpError(400, 'The client_id cannot be stored.')
      const { userId } = connection.principal
      const placed = await writer.submit({ documentId, userId, version, clientId, operation, at: Date.now() })
      answer({ version: placed })
    }),

    'cursor:move': socketEvent(Move, async (connection, { document_id: id, position, anchor = null }, answer) => {
      if (!openOf(connection).has(id)) throw new HttpError(403, 'Open the document first.')
      const { userId, name } = connection.principal
      const json = JSON.stringify({ document_id: id, user_id: userId, name, position, anchor })
      channels.signal(id, `cursor:${connection.id}`, { event: 'cursor', json })
      answer({})
    }),
  }
}
