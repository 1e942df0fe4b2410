import type { Pool } from 'pg'
import { entryHash, type LedgerEntry } from './entry.ts'
import { readEntries } from './read.ts'

export interface Verification {
  readonly valid: boolean
  /** Entries that were found good, up to the first that was not. */
  readonly checked: number
  /** The first sequence that is missing, changed, or not linked to the one before. */
  readonly first_broken: number | null
}

const genesis: Buffer = Buffer.alloc(32)

/** Entries held in memory at once. */
const windowSize = 1000

/**
 * Recomputes every hash from `from` to `to`, both included, `to` being at most the newest entry. The entry before
 * `from` is taken as it is; that the newest entry is the one that the ledger's head names is checked when it is reached.
 */
export async function verify(pool: Pool, from = 1, to = Number.MAX_SAFE_INTEGER): Promise<Verification> {
  const head = await readHead(pool)
  const end = Math.min(to, head.end)
  let previousHash: Buffer = genesis
  let checked = 0
  const broken = (sequence: number): Verification => ({ valid: false, checked, first_broken: sequence })

  if (from > 1 && from <= end) {
    const [before] = await readEntries(pool, from - 2, 1)
    if (before?.sequence !== from - 1) return broken(from - 1)
    previousHash = before.hash
  }
  for (let next = from; next <= end; ) {
    const window = await readEntries(pool, next - 1, Math.min(windowSize, end - next + 1))
    for (const entry of window) {
      const atHead = entry.sequence === head.sequence
      if (!follows(entry, next, previousHash) || (atHead && !entry.hash.equals(head.hash))) return broken(next)
      previousHash = entry.hash
      checked += 1
      next += 1
    }
    if (window.length === 0) return broken(next)
  }
  // Entries that the head does not know were not written by a harbor.
  if (end > head.sequence) return broken(head.sequence + 1)
  return { valid: true, checked, first_broken: null }
}

/** `end`: the newest sequence, by the head or by the entries, whichever says more. */
async function readHead(pool: Pool): Promise<{ sequence: number; hash: Buffer; end: number }> {
  const { rows } = await pool.query<{ sequence: string | null; hash: Buffer | null; newest: string | null }>({
    name: 'ledger-end',
    text: `
      SELECT h.sequence, h.hash, e.newest
      FROM (SELECT max(sequence) AS newest FROM ledger_entries) e LEFT JOIN ledger_head h ON true`,
  })
  const [row] = rows
  const sequence = Number(row?.sequence ?? 0)
  return { sequence, hash: row?.hash ?? genesis, end: Math.max(sequence, Number(row?.newest ?? 0)) }
}

function follows(entry: LedgerEntry, sequence: number, previousHash: Buffer): boolean {
  return entry.sequence === sequence && entry.previousHash.equals(previousHash) && entry.hash.equals(entryHash(entry))
}
