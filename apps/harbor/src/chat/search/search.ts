import type { Pool } from 'pg'
import type { Read } from '../../database/replica.ts'
import { Gate } from '../../resilience/gate.ts'
import { columns, type MessageRow, told, toMessage } from '../messages/message.ts'

export interface Found extends ReturnType<typeof told> {
  readonly rank: number
  /** HTML. */
  readonly highlight: string
}

/** The newest matches that are ranked; ranking all of a common word would cost as much as there are messages. */
const mostRanked = 500
/**
 * In milliseconds: late is better than never for whoever searches, and a few searches at a time harm nobody else. Postgres
 * ends what takes longer, and the answer is 503.
 */
const patience = 3_000
/** At a time, of all the connections that everyone has; further ones wait here, and not for a connection. */
const searches = { atOnce: 2, waiting: 100, what: 'searches' }

/**
 * Control characters, which separate words: the first two become tags when everything else is escaped; the others stand for `<`
 * and `>`, as Postgres would leave out what is between them.
 */
const [start, stop, less, greater] = ['\u0001', '\u0002', '\u0003', '\u0004'] as const

const words = (content: string): string => `to_tsvector('simple', translate(${content}, '<>', '  '))`

const text = `
  WITH found AS MATERIALIZED (
    SELECT ${columns} FROM messages m JOIN room_members p ON p.room_id = m.room_id AND p.user_id = $2
    WHERE NOT m.encrypted AND ${words('m.content')} @@ websearch_to_tsquery('simple', $1)
      AND ($3::uuid IS NULL OR m.room_id = $3)
    ORDER BY m.created_at DESC LIMIT ${mostRanked}
  ),
  best AS (
    SELECT f.*, ts_rank(${words('content')}, websearch_to_tsquery('simple', $1)) AS rank
    FROM found f ORDER BY rank DESC, created_at DESC LIMIT $4
  )
  SELECT best.*, ts_headline('simple', translate(content, '<>${start}${stop}${less}${greater}', '${less}${greater}'), websearch_to_tsquery('simple', $1),
    'StartSel=${start}, StopSel=${stop}, MaxWords=30, MinWords=10') AS headline
  FROM best ORDER BY rank DESC, created_at DESC`

interface Query {
  readonly userId: string
  readonly query: string
  readonly roomId: string | undefined
  readonly limit: number
}

/** @returns the messages in a user's rooms, or in one of them, that fit the words best; 503 when too many search */
export type Search = (query: Query) => Promise<readonly Found[]>

export function openSearch(read: Read): Search {
  const gate = new Gate(searches)
  return (query) => gate.run(() => read((pool) => find(pool, query)))
}

async function find(pool: Pool, { userId, query, roomId, limit }: Query): Promise<readonly Found[]> {
  const client = await pool.connect()
  try {
    await client.query(`BEGIN READ ONLY; SET LOCAL statement_timeout = ${patience}`)
    const { rows } = await client.query<MessageRow & { rank: number; headline: string }>({
      name: 'messages-search',
      text,
      values: [query, userId, roomId ?? null, limit],
    })
    await client.query('COMMIT')
    client.release()
    return rows.map((row) => ({ ...told(toMessage(row)), rank: row.rank, highlight: mark(row.headline) }))
  } catch (error) {
    // Closing the connection ends whatever its transaction was in.
    client.release(true)
    throw error
  }
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

const mark = (headline: string): string =>
  headline
    .replace(/[&<>"']/g, (character) => entities[character] ?? character)
    .replaceAll(less, '&lt;')
    .replaceAll(greater, '&gt;')
    .replaceAll(start, '<mark>')
    .replaceAll(stop, '</mark>')
