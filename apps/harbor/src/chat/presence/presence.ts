import type { Channels } from '../../fan-out/channels.ts'
import type { Connection } from '../../sockets/connection.ts'

export interface Presence {
  roomsOf(connection: Connection): ReadonlySet<string>
  isIn(connection: Connection, roomId: string): boolean
  joined(connection: Connection, roomId: string): void
  left(connection: Connection, roomId: string): void
  set(connection: Connection, status: string): void
}

interface State {
  readonly rooms: Set<string>
  status: string | undefined
}

/**
 * Who says what of themselves, to those in the same rooms. Nobody's coming is told by itself: in a room of a thousand
 * that would be a million events. Who has set a status is told to be offline when the connection ends.
 */
export function openPresence(channels: Channels): Presence {
  const states = new WeakMap<Connection, State>()

  function stateOf(connection: Connection): State {
    const known = states.get(connection)
    if (known) return known
    const made: State = { rooms: new Set(), status: undefined }
    states.set(connection, made)
    connection.onClose(() => {
      for (const roomId of made.rooms) channels.leave(roomId, connection)
      if (made.status !== undefined) tell(connection, made, 'offline')
      made.rooms.clear()
    })
    return made
  }

  function tell(connection: Connection, { rooms }: State, status: string): void {
    const { userId } = connection.principal
    for (const roomId of rooms) {
      const json = JSON.stringify({ room_id: roomId, user_id: userId, status })
      channels.signal(roomId, `presence:${userId}`, { event: 'presence', json })
    }
  }

  return {
    roomsOf: (connection) => stateOf(connection).rooms,
    isIn: (connection, roomId) => states.get(connection)?.rooms.has(roomId) ?? false,
    joined: (connection, roomId) => void stateOf(connection).rooms.add(roomId),
    left: (connection, roomId) => void stateOf(connection).rooms.delete(roomId),
    set(connection, status) {
      const state = stateOf(connection)
      state.status = status
      tell(connection, state, status)
    },
  }
}
