import { get, post } from '../net/api.ts'
import { user } from '../session/session.ts'
import { keptValues } from '../state/database.ts'
import { Value } from '../state/value.ts'
import { noteRead, read, restoreReading } from './reading.ts'

export interface Room {
  readonly id: string
  readonly kind: 'room' | 'group' | 'direct'
  readonly name: string
  readonly created_by: string
  /** The number of its newest message; known of rooms that one is in. */
  readonly last_seq?: number
  /** The other one of a direct room. */
  readonly peer?: { readonly user_id: string; readonly name: string }
}

interface Page {
  readonly rooms: readonly Room[]
  readonly next_cursor: string | null
}

/** Rooms that the user is in; undefined until anyone knows. */
export const joinedRooms = new Value<readonly Room[] | undefined>(undefined)

let restoring: Promise<unknown> = Promise.resolve()

export const roomName = ({ name, peer }: Room): string => name || peer?.name || 'Direct'

export const unreadIn = ({ id, last_seq = 0 }: Room, seqs: Readonly<Record<string, number>>): number =>
  Math.max(0, last_seq - (seqs[id] ?? 0))

/** What was known at the last visit. */
export function restoreRooms(): Promise<unknown> {
  const restoreList = async () => {
    const rooms = await keptValues.get<readonly Room[]>('rooms')
    if (rooms) joinedRooms.set(rooms)
  }
  restoring = Promise.all([restoreList(), restoreReading()])
  return restoring
}

export async function refreshRooms(): Promise<void> {
  // Else all that came since the last visit would count as read.
  await restoring
  const { rooms } = await get<Page>('/api/rooms?joined=true&limit=100')
  const before = joinedRooms.current
  const known = new Map(before?.map(({ id, last_seq = 0 }) => [id, last_seq]))
  // Who comes into a room has read what was there; but direct ones that others began are news.
  const isBegun = ({ kind, created_by }: Room) => kind === 'direct' && created_by !== user.current?.id
  const isUnread = (room: Room) => read.current[room.id] !== undefined || (before !== undefined && isBegun(room))
  noteRead(Object.fromEntries(rooms.filter((room) => !isUnread(room)).map(({ id, last_seq = 0 }) => [id, last_seq])))
  // A notice may have come while the list was on its way.
  setRooms(rooms.map((room) => ({ ...room, last_seq: Math.max(room.last_seq ?? 0, known.get(room.id) ?? 0) })))
}

/** A room has come as far as that; one that is not known here yet is asked for. */
export function heardOf(roomId: string, seq: number): void {
  const room = joinedRooms.current?.find(({ id }) => id === roomId)
  if (room === undefined) void tryRefresh()
  else if (seq > (room.last_seq ?? 0))
    setRooms((joinedRooms.current ?? []).map((each) => (each === room ? { ...room, last_seq: seq } : each)))
}

function setRooms(rooms: readonly Room[]): void {
  if (JSON.stringify(rooms) === JSON.stringify(joinedRooms.current)) return
  joinedRooms.set(rooms)
  keptValues.set('rooms', rooms)
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
  void tryRefresh()
  return room
}

export async function joinRoom(id: string): Promise<void> {
  await post(`/api/rooms/${id}/join`)
  void tryRefresh()
}

export async function leaveRoom(id: string): Promise<void> {
  await post(`/api/rooms/${id}/leave`)
  void tryRefresh()
}

/** The room of the two, if there is one. */
export const directWith = (userId: string): Room | undefined =>
  joinedRooms.current?.find(({ peer }) => peer?.user_id === userId)

/** Begins the room of the two, where there is none. @returns the room's id */
export async function writeDirect(userId: string, content: string, clientId: string): Promise<string> {
  const body = { recipient_id: userId, content, client_id: clientId }
  const { message } = await post<{ message: { room_id: string } }>('/api/messages', body)
  await tryRefresh()
  return message.room_id
}

/** What was done is done, whether the list can be had now or with the next sync. */
const tryRefresh = (): Promise<void> => refreshRooms().catch(() => undefined)

export function forgetRooms(): void {
  joinedRooms.set(undefined)
}
