import { Type } from 'typebox'
import { type SocketEvents, socketEvent } from '../../sockets/socket-event.ts'
import { strict } from '../schemas.ts'
import type { Presence } from './presence.ts'

const statuses = ['online', 'away', 'busy', 'typing', 'offline'] as const
const SetStatus = Type.Object({ status: Type.Union(statuses.map((status) => Type.Literal(status))) }, strict)

export const presenceEvents = (presence: Presence): SocketEvents => ({
  'presence:set': socketEvent(SetStatus, async (connection, { status }, answer) => {
    presence.set(connection, status)
    answer({})
  }),
})
