import pg from 'pg'
import { verify } from '../src/proofs/ledger/verify.ts'

/** What harbor promises of its data, beyond what Postgres itself holds. */
export interface Soundness {
  /** Entries of the ledger that were found good. */
  readonly ledgerEntries: number
  readonly rooms: number
  /** Sentences, one for each promise that is broken. */
  readonly problems: readonly string[]
}

/** Checks the chain of the ledger, and that the messages of each room and the operations of each document have no gap. */
export async function checkSoundness(url: string): Promise<Soundness> {
  const pool = new pg.Pool({ connectionString: url, max: 1 })
  pool.on('error', () => undefined)
  try {
    const ledger = await verify(pool)
    const [rooms, documents] = [await gaps(pool, roomGaps), await gaps(pool, documentGaps)]
    const { rows } = await pool.query<{ count: string }>('SELECT count(*) FROM rooms')
    return {
      ledgerEntries: ledger.checked,
      rooms: Number(rows[0]?.count),
      problems: [
        ...(ledger.valid ? [] : [`The ledger is broken at entry ${ledger.first_broken}.`]),
        ...rooms.map((id) => `The messages of room ${id} have a gap.`),
        ...documents.map((id) => `The operations of document ${id} have a gap.`),
      ],
    }
  } finally {
    await pool.end()
  }
}

const roomGaps = `
  SELECT r.id FROM rooms r LEFT JOIN (
    SELECT room_id, count(*) AS count, min(seq) AS first, max(seq) AS last FROM messages GROUP BY room_id
  ) m ON m.room_id = r.id
  WHERE r.last_seq <> coalesce(m.last, 0) OR m.count <> m.last OR m.first <> 1
  ORDER BY r.id LIMIT 10`

const documentGaps = `
  SELECT d.id FROM documents d LEFT JOIN (
    SELECT document, count(*) AS count, min(version) AS first, max(version) AS last
    FROM document_operations GROUP BY document
  ) o ON o.document = d.number
  WHERE d.version <> coalesce(o.last, 0) OR o.count <> o.last OR o.first <> 1
  ORDER BY d.id LIMIT 10`

async function gaps(pool: pg.Pool, text: string): Promise<readonly string[]> {
  const { rows } = await pool.query<{ id: string }>(text)
  return rows.map(({ id }) => id)
}
