import type { Channels } from '../../fan-out/channels.ts'
import type { Receiver } from '../../fan-out/outlet.ts'
import type { KeyValue } from '../../redis/key-value.ts'
import type { Connection } from '../../sockets/connection.ts'
import { merge, openRoster, type Present } from './roster.ts'

export interface Presence {
  roomsOf(connection: Connection): ReadonlySet<string>
  isIn(connection: Connection, roomId: string): boolean
  joined(connection: Connection, roomId: string): void
  left(connection: Connection, roomId: string): void
  set(connection: Connection, status: string): void
  /** Who is in a room on other instances. */
  elsewhere(roomId: string): Promise<Present>
  /** Those, and who is in it here, without those who say that they are offline; as many as may be told at once. */
  list(roomId: string, elsewhere: Present): readonly { readonly user_id: string; readonly status: string | null }[]
  close(): Promise<void>
}

const mostListed = 500

interface State {
  readonly rooms: Set<string>
  status: string | undefined
}

/**
 * Who says what of themselves, to those in the same rooms. Nobody's coming is told by itself: in a room of a thousand
 * that would be a million events. Who has set a status is told to be offline when the connection ends.
 */
export function openPresence(channels: Channels, store: KeyValue): Presence {
  const states = new WeakMap<Receiver, State>()
  const roster = openRoster(store, here)

  /** As many of a large room as anyone is told of. */
  function here(roomId: string): Present {
    const present: Record<string, string | null> = {}
    let count = 0
    for (const receiver of channels.receivers(roomId)) {
      const status = states.get(receiver)?.status ?? null
      present[receiver.userId] = status ?? present[receiver.userId] ?? null
      if (++count === 2 * mostListed) break
    }
    return present
  }

  function stateOf(connection: Connection): State {
    const known = states.get(connection)
    if (known) return known
    const made: State = { rooms: new Set(), status: undefined }
    states.set(connection, made)
    connection.onClose(() => {
      for (const roomId of made.rooms) {
        channels.leave(roomId, connection)
        roster.changed(roomId)
      }
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
      roster.changed(roomId)
    }
  }

  return {
    roomsOf: (connection) => stateOf(connection).rooms,
    isIn: (connection, roomId) => states.get(connection)?.rooms.has(roomId) ?? false,
    joined(connection, roomId) {
      stateOf(connection).rooms.add(roomId)
      roster.changed(roomId)
    },
    left(connection, roomId) {
      stateOf(connection).rooms.delete(roomId)
      roster.changed(roomId)
    },
    set(connection, status) {
      const state = stateOf(connection)
      state.status = status
      tell(connection, state, status)
    },
    elsewhere: (roomId) => roster.elsewhere(roomId),
    list: (roomId, elsewhere) =>
      Object.entries(merge([elsewhere, here(roomId)]))
        .filter(([, status]) => status !== 'offline')
        .slice(0, mostListed)
        .map(([user_id, status]) => ({ user_id, status })),
    close: () => roster.close(),
  }
}
