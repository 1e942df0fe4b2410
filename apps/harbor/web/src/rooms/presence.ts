import { socket } from '../net/socket.ts'
import { user } from '../session/session.ts'
import { Value } from '../state/value.ts'

type Status = 'online' | 'away' | 'busy' | 'typing' | 'offline'

interface Told {
  readonly status: Status
  readonly at: number
}

export type Present = readonly { readonly user_id: string; readonly status: Status | null }[]

interface Event {
  readonly room_id: string
  readonly user_id: string
  readonly status: Status
}

/** In milliseconds: whoever was not heard of for that long is gone; the slowest of the others say it every minute. */
const silence = 70_000
export const typingSilence = 6_000

export type Presence = ReadonlyMap<string, Told>

export const statusOf = (told: Presence, userId: string, now = Date.now()): Status => {
  const known = told.get(userId)
  if (known === undefined || now - known.at > silence) return 'offline'
  return known.status === 'typing' && now - known.at > typingSilence ? 'online' : known.status
}

/** Has the room before their eyes. */
export const isHere = (status: Status): boolean => status !== 'offline' && status !== 'away'

/** Who is in one room, and what they say of themselves. */
export class RoomPresence {
  readonly told = new Value<Presence>(new Map())
  readonly close: () => void

  constructor(roomId: string) {
    this.close = socket.on<Event>('presence', ({ room_id, user_id, status }) => {
      if (room_id !== roomId) return
      this.told.set(new Map([...this.told.current, [user_id, { status, at: Date.now() }]]))
      // Another page of theirs went away, and this one is still here.
      if (user_id === user.current?.id && isHere(ownStatus()) && !isHere(status)) tellPresence()
    })
  }

  /** All who are there, as harbor says on joining. Who says nothing is there all the same. */
  welcome(present: Present): void {
    const at = Date.now()
    this.told.set(new Map(present.map(({ user_id, status }) => [user_id, { status: status ?? 'online', at }])))
  }
}

const ownStatus = (): Status => (document.hidden ? 'away' : 'online')

/** Tells the rooms that this connection is in. Lost without harm: it is said again with every sync. */
export function tellPresence(status: Status = ownStatus()): void {
  socket.ask('presence:set', { status }).catch(() => undefined)
}
