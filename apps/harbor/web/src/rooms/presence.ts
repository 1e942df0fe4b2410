import { socket } from '../net/socket.ts'
import { Value } from '../state/value.ts'

type Status = 'online' | 'away' | 'busy' | 'typing' | 'offline'

interface Told {
  readonly status: Status
  readonly at: number
}

interface Event {
  readonly user_id: string
  readonly status: Status
}

/** In milliseconds: whoever was not heard of for that long is gone; the slowest of the others say it every minute. */
const silence = 70_000
export const typingSilence = 6_000

/** What others said of themselves. */
export const presence = new Value<ReadonlyMap<string, Told>>(new Map())

export const statusOf = (told: ReadonlyMap<string, Told>, userId: string, now = Date.now()): Status => {
  const known = told.get(userId)
  if (known === undefined || now - known.at > silence) return 'offline'
  return known.status === 'typing' && now - known.at > typingSilence ? 'online' : known.status
}

/** @param onStranger someone came who cannot know yet that we are here */
export function listenForPresence(onStranger: () => void): () => void {
  return socket.on<Event>('presence', ({ user_id, status }) => {
    const isStranger = statusOf(presence.current, user_id) === 'offline' && status !== 'offline'
    presence.set(new Map([...presence.current, [user_id, { status, at: Date.now() }]]))
    if (isStranger) onStranger()
  })
}

/** Tells the rooms that this connection is in. Lost without harm: it is said again with every sync. */
export function tellPresence(status: Status = document.hidden ? 'away' : 'online'): void {
  socket.ask('presence:set', { status }).catch(() => undefined)
}
