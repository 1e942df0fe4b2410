import { get } from '../net/api.ts'
import { keptValues } from '../state/database.ts'
import { Value } from '../state/value.ts'

interface Member {
  readonly user_id: string
  readonly name: string
}

interface Page {
  readonly members: readonly Member[]
  readonly next_cursor: string | null
}

/** Names of all users that were met, by id. */
export const names = new Value<ReadonlyMap<string, string>>(new Map())

const mostPages = 10

export async function restoreNames(): Promise<void> {
  addNames((await keptValues.get<readonly (readonly [string, string])[]>('names')) ?? [])
}

export function addNames(found: readonly (readonly [string, string])[]): void {
  const fresh = found.filter(([id, name]) => names.current.get(id) !== name)
  if (fresh.length === 0) return
  names.set(new Map([...names.current, ...fresh]))
  keptValues.set('names', [...names.current])
}

/** The members of a room, the first thousand. */
export async function loadMembers(roomId: string): Promise<readonly Member[]> {
  const all: Member[] = []
  let cursor = ''
  for (let page = 0; page < mostPages; page++) {
    const query = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`
    const { members, next_cursor } = await get<Page>(`/api/rooms/${roomId}/members?limit=100${query}`)
    all.push(...members)
    if (next_cursor === null) break
    cursor = next_cursor
  }
  addNames(all.map(({ user_id, name }) => [user_id, name]))
  return all
}

/** Those who wrote here and left: they are no members, but users. */
export async function loadUsers(): Promise<void> {
  const { users } = await get<{ users: readonly { id: string; name: string }[] }>('/api/users?limit=100')
  addNames(users.map(({ id, name }) => [id, name]))
}
