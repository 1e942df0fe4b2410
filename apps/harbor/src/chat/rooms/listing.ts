import { LayeredCache } from '../../cache/layered-cache.ts'
import type { Database } from '../../database/database.ts'
import { numberCursor } from '../../http/number-cursor.ts'
import type { Services } from '../../part.ts'
import { columns, type Kind, type RoomRow, told } from './room.ts'

export type Listed = Exclude<Kind, 'direct'>

export interface Listing {
  /** Changes whenever a page of this kind may. */
  version(kind: Listed): Promise<string>
  /** A page as JSON. @throws {HttpError} 400 for what is no cursor */
  page(kind: Listed, version: string, cursor: string | undefined, limit: number): Promise<string>
  /** All rooms that a user is in, of whatever kind, newest first. */
  ofUser(userId: string, limit: number): Promise<string>
  /** Makes what is asked for most. */
  warm(): Promise<void>
}

/** In milliseconds: that of the seeds' query cache would be a minute; a version never changes. */
const ttl = 5 * 60_000

const cursors = numberCursor('r')

/** Lists of rooms and groups, in the order in which they were made. */
export function openListing(
  { pool, read: readFrom }: Database,
  { redis, metrics }: Pick<Services, 'redis' | 'metrics'>,
): Listing {
  const cache = new LayeredCache({ name: 'rooms', redis, metrics, ttl })

  /** Rooms are made, and never changed or removed: the newest one says it all. */
  async function version(kind: Listed): Promise<string> {
    const { rows } = await pool.query<{ newest: string | null }>({
      name: 'rooms-version',
      text: 'SELECT max(number) AS newest FROM rooms WHERE kind = $1',
      values: [kind],
    })
    return rows[0]?.newest ?? '0'
  }

  async function read(kind: Listed, at: string, after: number, limit: number): Promise<string> {
    const { rows } = await readFrom(
      (from) =>
        from.query<RoomRow>({
          name: 'rooms-page',
          text: `SELECT ${columns} FROM rooms r WHERE kind = $1 AND number > $2 ORDER BY number LIMIT $3`,
          values: [kind, after, limit + 1],
        }),
      ({ rows }) => rows.length > limit || Number(rows.at(-1)?.number ?? after) >= Number(at),
    )
    const page = rows.slice(0, limit)
    const last = rows.length > limit ? page.at(-1) : undefined
    return JSON.stringify({
      [`${kind}s`]: page.map(told),
      next_cursor: last ? cursors.write(last.number) : null,
      has_more: last !== undefined,
    })
  }

  const page: Listing['page'] = async (kind, at, cursor, limit) => {
    const after = cursors.read(cursor)
    return cache.get(`${kind}:${at}:${after}:${limit}`, () => read(kind, at, after, limit))
  }

  return {
    version,
    page,
    async ofUser(userId, limit) {
      const { rows } = await pool.query<RoomRow & { peer: { user_id: string; name: string } | null }>({
        name: 'rooms-of-user',
        // A pair is the two ids, in whatever order; of a room with oneself both are the same.
        text: `
          SELECT ${columns}, (
            SELECT jsonb_build_object('user_id', u.id, 'name', u.name) FROM users u
            WHERE u.id = coalesce(nullif(split_part(r.pair, ' ', 1), $1::uuid::text), split_part(r.pair, ' ', 2))::uuid
          ) AS peer FROM room_members p JOIN rooms r ON r.id = p.room_id
          WHERE p.user_id = $1 ORDER BY r.number DESC LIMIT $2`,
        values: [userId, limit],
      })
      const rooms = rows.map((row) => ({
        ...told(row),
        last_seq: Number(row.last_seq),
        ...(row.peer && { peer: row.peer }),
      }))
      return JSON.stringify({ rooms, next_cursor: null, has_more: false })
    },
    async warm() {
      for (const kind of ['room', 'group'] as const) await page(kind, await version(kind), undefined, 50)
    },
  }
}
