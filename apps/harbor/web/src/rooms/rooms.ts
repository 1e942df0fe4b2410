import { get, post } from '../net/api.ts'
import { keptValues } from '../state/database.ts'
import { Value } from '../state/value.ts'

export interface Room {
  readonly id: string
  readonly kind: 'room' | 'group' | 'direct'
  readonly name: string
  /** The number of its newest message; known of rooms that one is in. */
  readonly last_seq?: number
}

interface Page {
  readonly rooms: readonly Room[]
  readonly next_cursor: string | null
}

/** Rooms that the user is in; undefined until anyone knows. */
export const joinedRooms = new Value<readonly Room[] | undefined>(undefined)

/** How far the user has read in each room. */
export const read = new Value<Readonly<Record<string, number>>>({})

export async function restoreRooms(): Promise<void> {
  const [rooms, seqs] = await Promise.all([
    keptValues.get<readonly Room[]>('rooms'),
    keptValues.get<Record<string, number>>('read'),
  ])
  if (seqs) read.set({ ...seqs, ...read.current })
  if (rooms && joinedRooms.current === undefined) joinedRooms.set(rooms)
}

export async function refreshRooms(): Promise<void> {
  const { rooms } = await get<Page>('/api/rooms?joined=true&limit=100')
  // A room that is new here has been read up to now.
  const seqs = Object.fromEntries(rooms.map(({ id, last_seq = 0 }) => [id, read.current[id] ?? last_seq]))
  setRead({ ...read.current, ...seqs })
  const text = JSON.stringify(rooms)
  if (text === JSON.stringify(joinedRooms.current)) return
  joinedRooms.set(rooms)
  keptValues.set('rooms', rooms)
}

export function markRead(roomId: string, seq: number): void {
  if (seq > (read.current[roomId] ?? 0)) setRead({ ...read.current, [roomId]: seq })
}

function setRead(seqs: Readonly<Record<string, number>>): void {
  if (JSON.stringify(seqs) === JSON.stringify(read.current)) return
  read.set(seqs)
  keptValues.set('read', seqs)
}

/** Rooms and groups that anyone may join, the first hundred of each. */
export async function findRooms(): Promise<readonly Room[]> {
  const [{ rooms }, { groups }] = await Promise.all([
    get<Page>('/api/rooms?limit=100'),
    get<{ groups: readonly Room[] }>('/api/groups?limit=100'),
  ])
  return [...rooms, ...groups]
}

export async function createRoom(name: string, kind: 'room' | 'group'): Promise<Room> {
  const { room } = await post<{ room: Room }>('/api/rooms', { name, kind })
  refreshSoon()
  return room
}

export async function joinRoom(id: string): Promise<void> {
  await post(`/api/rooms/${id}/join`)
  refreshSoon()
}

export async function leaveRoom(id: string): Promise<void> {
  await post(`/api/rooms/${id}/leave`)
  refreshSoon()
}

/** What was done is done, whether the list can be had now or with the next sync. */
const refreshSoon = () => void refreshRooms().catch(() => undefined)

export function forgetRooms(): void {
  joinedRooms.set(undefined)
  read.set({})
}
