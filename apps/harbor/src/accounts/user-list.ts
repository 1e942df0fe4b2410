import { LayeredCache } from '../cache/layered-cache.ts'
import { numberCursor } from '../http/number-cursor.ts'
import type { Services } from '../part.ts'
import type { Users } from './users.ts'

export interface UserList {
  /** Changes whenever a page may. */
  version(): Promise<string>
  /** A page as JSON. @throws {HttpError} 400 for what is no cursor */
  page(version: string, cursor: string | undefined, limit: number): Promise<string>
}

/** In milliseconds. The pages of a version never change; this only lets them go. */
const ttl = 5 * 60_000

const cursors = numberCursor('u')

/** All users, in the order in which they came. */
export function openUserList(
  users: Users,
  { database, redis, metrics }: Pick<Services, 'database' | 'redis' | 'metrics'>,
): UserList {
  const cache = new LayeredCache({ name: 'users', redis, metrics, ttl })

  async function read(version: string, after: number, limit: number): Promise<string> {
    // One more than asked for says whether there is a next page.
    const found = await database.read(
      (pool) => users.page(pool, after, limit + 1),
      (rows) => rows.length > limit || (rows.at(-1)?.number ?? after) >= Number(version),
    )
    const page = found.slice(0, limit)
    const last = found.length > limit ? page.at(-1) : undefined
    return JSON.stringify({
      users: page.map(({ id, name, createdAt }) => ({ id, name, created_at: createdAt.toISOString() })),
      next_cursor: last ? cursors.write(last.number) : null,
      has_more: last !== undefined,
    })
  }

  return {
    version: () => users.version(),
    async page(version, cursor, limit) {
      const after = cursors.read(cursor)
      return cache.get(`${version}:${after}:${limit}`, () => read(version, after, limit))
    },
  }
}
