import { LayeredCache } from '../../cache/layered-cache.ts'
import type { Read } from '../../database/replica.ts'
import type { Services } from '../../part.ts'
import type { Position } from './cursor.ts'
import { writeCursor } from './cursor.ts'
import { columns, type MessageRow, told, toMessage } from './message.ts'

export interface Pages {
  /** A page as JSON; `lastSeq` is the room's newest. */
  page(roomId: string, lastSeq: number, position: Position, limit: number): Promise<string>
}

/** In milliseconds. Messages never change; this only lets go of what nobody reads any more. */
const ttl = 5 * 60_000

/** Pages of messages. As the numbers have no gaps, a page is known by its first and last one, and never changes. */
export function openPages(readFrom: Read, { redis, metrics }: Pick<Services, 'redis' | 'metrics'>): Pages {
  const cache = new LayeredCache({ name: 'messages', redis, metrics, ttl, most: 16 * 1024 * 1024 })

  async function read(roomId: string, from: number, to: number, newestFirst: boolean): Promise<string> {
    const { rows } = await readFrom(
      (pool) =>
        pool.query<MessageRow>({
          name: newestFirst ? 'messages-newest' : 'messages-oldest',
          text: `SELECT ${columns} FROM messages m WHERE room_id = $1 AND seq BETWEEN $2 AND $3
            ORDER BY seq ${newestFirst ? 'DESC' : 'ASC'}`,
          values: [roomId, from, to],
        }),
      (found) => found.rows.length > to - from,
    )
    return JSON.stringify(rows.map((row) => told(toMessage(row))))
  }

  return {
    async page(roomId, lastSeq, { direction, seq }, limit) {
      const newestFirst = direction === 'before'
      const from = newestFirst ? Math.max(1, Math.min(seq, lastSeq + 1) - limit) : seq + 1
      const to = newestFirst ? Math.min(seq - 1, lastSeq) : Math.min(seq + limit, lastSeq)
      const more = newestFirst ? from > 1 && to >= from : to < lastSeq
      const next = more ? writeCursor({ direction, seq: newestFirst ? from : to }) : null
      const messages =
        to < from
          ? '[]'
          : await cache.get(`${roomId}:${from}:${to}:${direction}`, () => read(roomId, from, to, newestFirst))
      return `{"messages":${messages},"next_cursor":${JSON.stringify(next)},"has_more":${more}}`
    },
  }
}
