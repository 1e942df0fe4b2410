import type { Pool } from 'pg'
import type { LedgerEntry } from './entry.ts'
import { columns, type EntryRow, toEntry } from './rows.ts'

/** Up to `limit` entries with a sequence above `after`, in order. Sequences are committed in order, so none is skipped. */
export async function readEntries(pool: Pool, after: number, limit: number): Promise<readonly LedgerEntry[]> {
  const { rows } = await pool.query<EntryRow>({
    name: 'ledger-entries',
    text: `SELECT ${columns} FROM ledger_entries WHERE sequence > $1 ORDER BY sequence LIMIT $2`,
    values: [after, limit],
  })
  return rows.map(toEntry)
}
