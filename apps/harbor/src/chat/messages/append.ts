import type { Pool } from 'pg'
import { HttpError } from '../../http/http-error.ts'
import { columns, type Message, type MessageRow, toMessage } from './message.ts'

export interface Draft {
  readonly roomId: string
  readonly senderId: string
  readonly clientId: string | null
  readonly content: string
  readonly encrypted: boolean
  /** When it was accepted, in milliseconds since 1970. */
  readonly at: number
}

export interface Stored {
  readonly message: Message
  /** False for one that had been stored already. */
  readonly fresh: boolean
  /** Of a fresh one in a direct room: its two users, as `rooms.pair` has them. */
  readonly pair: string | null
}

interface Row extends MessageRow {
  readonly ord: string
  readonly pair: string | null
  readonly outcome: 'fresh' | 'known' | 'forbidden' | 'no-room'
}

/**
 * One statement, and so one transaction. A message is looked up by its room, sender and client id before it gets a number, so
 * no number is ever skipped. The rooms' rows are locked in the order of their ids, so the batches of several instances
 * cannot wait for each other in a circle; what is numbered under a lock is visible before the next gets its number.
 */
const text = `
  WITH given AS (
    SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::boolean[])
      WITH ORDINALITY AS t (room_id, sender_id, client_id, content, encrypted, ord)
  ),
  known AS (
    SELECT g.ord, ${columns} FROM given g
    JOIN messages m ON m.sender_id = g.sender_id AND m.client_id = g.client_id AND m.room_id = g.room_id
  ),
  fresh AS (
    SELECT g.* FROM given g JOIN room_members p ON p.room_id = g.room_id AND p.user_id = g.sender_id
    WHERE NOT EXISTS (SELECT FROM known k WHERE k.ord = g.ord)
  ),
  locked AS MATERIALIZED (
    SELECT id FROM rooms WHERE id IN (SELECT room_id FROM fresh) ORDER BY id FOR NO KEY UPDATE
  ),
  counted AS (SELECT room_id, count(*) AS n FROM fresh GROUP BY room_id),
  advanced AS (
    UPDATE rooms r SET last_seq = r.last_seq + c.n FROM counted c JOIN locked l ON l.id = c.room_id WHERE r.id = c.room_id
    RETURNING r.id, r.pair, r.last_seq - c.n AS base
  ),
  numbered AS (
    SELECT f.*, a.pair, a.base + row_number() OVER (PARTITION BY f.room_id ORDER BY f.ord) AS seq
    FROM fresh f JOIN advanced a ON a.id = f.room_id
  ),
  m AS (
    INSERT INTO messages (room_id, seq, sender_id, client_id, content, encrypted)
    SELECT room_id, seq, sender_id, client_id, content, encrypted FROM numbered ORDER BY room_id, seq
    RETURNING *
  )
  SELECT n.ord, n.pair, 'fresh' AS outcome, ${columns} FROM m JOIN numbered n ON n.room_id = m.room_id AND n.seq = m.seq
  UNION ALL SELECT ord, NULL, 'known', id, room_id, seq, sender_id, content, client_id, encrypted, created_at FROM known
  UNION ALL
  SELECT g.ord, NULL, CASE WHEN EXISTS (SELECT FROM rooms r WHERE r.id = g.room_id) THEN 'forbidden' ELSE 'no-room' END,
    NULL, g.room_id, NULL, NULL, NULL, NULL, NULL, NULL
  FROM given g
  WHERE NOT EXISTS (SELECT FROM known k WHERE k.ord = g.ord) AND NOT EXISTS (SELECT FROM fresh f WHERE f.ord = g.ord)`

const uniqueViolation = '23505'
const deadlock = '40P01'
/** Each time, another instance has stored some of the same messages in between. */
const mostTries = 5

/** Stores a batch and resolves after its commit, with an outcome for each draft. */
export async function append(pool: Pool, drafts: readonly Draft[]): Promise<readonly (Stored | HttpError)[]> {
  const { distinct, placeOf } = withoutRepeats(drafts)
  const values = [
    distinct.map(({ roomId }) => roomId),
    distinct.map(({ senderId }) => senderId),
    distinct.map(({ clientId }) => clientId),
    distinct.map(({ content }) => content),
    distinct.map(({ encrypted }) => encrypted),
  ]
  const rows = await tryAgain(() => pool.query<Row>({ name: 'messages-append', text, values }))
  const outcomes: (Stored | HttpError)[] = []
  for (const row of rows.rows) {
    const place = Number(row.ord) - 1
    outcomes[place] = outcomeOf(row, distinct[place])
  }
  return drafts.map((draft, index) => {
    const outcome = outcomes[placeOf[index] ?? -1]
    if (outcome === undefined) throw new Error(`no outcome for a message to ${draft.roomId}`)
    return outcome
  })
}

/** Of drafts with the same client id the first stands for all. */
function withoutRepeats(drafts: readonly Draft[]) {
  const distinct: Draft[] = []
  const places = new Map<string, number>()
  const placeOf = drafts.map((draft) => {
    const name = draft.clientId === null ? undefined : `${draft.roomId}${draft.senderId}${draft.clientId}`
    const earlier = name === undefined ? undefined : places.get(name)
    if (earlier !== undefined) return earlier
    if (name !== undefined) places.set(name, distinct.length)
    return distinct.push(draft) - 1
  })
  return { distinct, placeOf }
}

function outcomeOf(row: Row, draft: Draft | undefined): Stored | HttpError {
  switch (row.outcome) {
    case 'no-room':
      return new HttpError(404, 'There is no such room.')
    case 'forbidden':
      return new HttpError(403, 'Only members may write in this room.')
    default:
      if (draft === undefined) throw new Error('a message was stored that nobody sent')
      return { message: toMessage(row), fresh: row.outcome === 'fresh', pair: row.pair }
  }
}

async function tryAgain<T>(attempt: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await attempt()
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : undefined
      if (tries === mostTries || (code !== uniqueViolation && code !== deadlock)) throw error
    }
  }
}
