import type { LedgerEntry } from './entry.ts'

/** A row of `ledger_entries` as pg gives it. */
export interface EntryRow {
  readonly sequence: string
  readonly device_id: string
  readonly capture_id: string
  readonly proof_hash: Buffer
  readonly metadata: string
  readonly locked_at: Date
  readonly previous_hash: Buffer
  readonly hash: Buffer
}

export const columns = 'sequence, device_id, capture_id, proof_hash, metadata, locked_at, previous_hash, hash'

export const toEntry = (row: EntryRow): LedgerEntry => ({
  sequence: Number(row.sequence),
  deviceId: row.device_id,
  captureId: row.capture_id,
  proofHash: row.proof_hash,
  metadata: row.metadata,
  lockedAt: row.locked_at,
  previousHash: row.previous_hash,
  hash: row.hash,
})
