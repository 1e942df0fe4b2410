import type { Pool, PoolClient } from 'pg'
import { HttpError } from '../../http/http-error.ts'
import { entryHash, type LedgerEntry } from './entry.ts'
import { columns, type EntryRow, toEntry } from './rows.ts'

export interface Lock {
  readonly deviceId: string
  readonly captureId: string
  readonly proofHash: Buffer
  /** Canonical JSON. */
  readonly metadata: string
}

interface Head {
  readonly sequence: string
  readonly hash: Buffer
  readonly locked_at: Date
  readonly now: Date
}

/**
 * Adds a batch of locks to the ledger in one transaction of two round trips, and resolves after its commit.
 *
 * The head's row is locked first, so batches of all instances stand in one line; only then is it looked up which
 * captures are there already, so a sequence is given to none that does not need one, and none is ever skipped.
 * @returns for each lock its entry, the earlier one for a capture that is there already, or a 409 for one that is
 * there with other data
 */
export async function append(writer: Pool, locks: readonly Lock[]): Promise<readonly (LedgerEntry | HttpError)[]> {
  const client = await writer.connect()
  try {
    const { head, known } = await lockHead(client, locks)
    const fresh = chain(head, known, locks)
    await store(client, fresh)
    client.release()
    for (const entry of fresh) known.set(entry.captureId, entry)
    return locks.map((lock) => answer(lock, known.get(lock.captureId)))
  } catch (error) {
    // Closing the connection ends whatever its transaction was in.
    client.release(true)
    throw error
  }
}

async function lockHead(client: PoolClient, locks: readonly Lock[]) {
  const [, head, known] = await all([
    client.query('BEGIN'),
    client.query<Head>({
      name: 'ledger-head',
      text: 'SELECT sequence, hash, locked_at, clock_timestamp() AS now FROM ledger_head FOR UPDATE',
    }),
    // A statement of its own, so that it sees what was committed while this one waited for the lock.
    client.query<EntryRow>({
      name: 'ledger-known',
      text: `SELECT ${columns} FROM ledger_entries WHERE capture_id = ANY($1)`,
      values: [locks.map(({ captureId }) => captureId)],
    }),
  ])
  const [row] = head.rows
  if (row === undefined) throw new Error('ledger_head has no row')
  return { head: row, known: new Map(known.rows.map((entry) => [entry.capture_id, toEntry(entry)])) }
}

/** Entries for those captures that are not known, each linked to the one before; the first of equal captures wins. */
function chain(head: Head, known: ReadonlyMap<string, LedgerEntry>, locks: readonly Lock[]): readonly LedgerEntry[] {
  const taken = new Set<string>()
  const entries: LedgerEntry[] = []
  let sequence = Number(head.sequence)
  let previousHash = head.hash
  // Clocks may step back; the ledger's order and its times may not contradict each other.
  const lockedAt = new Date(Math.max(head.now.getTime(), head.locked_at.getTime()))
  for (const lock of locks) {
    if (known.has(lock.captureId) || taken.has(lock.captureId)) continue
    taken.add(lock.captureId)
    sequence += 1
    const fields = { ...lock, sequence, previousHash, lockedAt }
    const hash = entryHash(fields)
    entries.push({ ...fields, hash })
    previousHash = hash
  }
  return entries
}

async function store(client: PoolClient, entries: readonly LedgerEntry[]): Promise<void> {
  const last = entries.at(-1)
  if (last === undefined) {
    await client.query('COMMIT')
    return
  }
  const [, , commit] = await all([
    client.query({
      name: 'ledger-insert',
      text: `
        INSERT INTO ledger_entries (${columns})
        SELECT * FROM unnest($1::bigint[], $2::text[], $3::text[], $4::bytea[], $5::text[], $6::timestamptz[],
                             $7::bytea[], $8::bytea[])`,
      values: [
        entries.map(({ sequence }) => sequence),
        entries.map(({ deviceId }) => deviceId),
        entries.map(({ captureId }) => captureId),
        entries.map(({ proofHash }) => proofHash),
        entries.map(({ metadata }) => metadata),
        entries.map(({ lockedAt }) => lockedAt.toISOString()),
        entries.map(({ previousHash }) => previousHash),
        entries.map(({ hash }) => hash),
      ],
    }),
    client.query({
      name: 'ledger-advance',
      text: 'UPDATE ledger_head SET sequence = $1, hash = $2, locked_at = $3',
      values: [last.sequence, last.hash, last.lockedAt.toISOString()],
    }),
    client.query('COMMIT'),
  ])
  // Postgres answers the COMMIT of a failed transaction with a ROLLBACK that is no error.
  if (commit.command !== 'COMMIT') throw new Error(`the ledger's transaction ended with ${commit.command}`)
}

/** Like `Promise.all`, but settled as a whole: no query of a failed round trip is left behind unobserved. */
async function all<T extends readonly unknown[]>(queries: { [K in keyof T]: Promise<T[K]> }): Promise<T> {
  await Promise.allSettled(queries)
  return (await Promise.all(queries)) as unknown as T
}

function answer(lock: Lock, entry: LedgerEntry | undefined): LedgerEntry | HttpError {
  if (entry === undefined) throw new Error(`capture ${lock.captureId} is neither known nor new`)
  if (entry.proofHash.equals(lock.proofHash)) return entry
  return new HttpError(409, `The capture ${lock.captureId} is locked already, with other proof data.`, {
    details: [{ path: 'body/proof_data', message: `differs from what sequence ${entry.sequence} locked` }],
  })
}
