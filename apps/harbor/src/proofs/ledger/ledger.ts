import type { Database } from '../../database/database.ts'
import { GroupCommit } from '../../database/group-commit.ts'
import { isUnavailable } from '../../database/unavailable.ts'
import { unavailable } from '../../http/http-error.ts'
import { append, type Lock } from './append.ts'
import type { LedgerEntry } from './entry.ts'
import { readEntries } from './read.ts'
import { type Verification, verify } from './verify.ts'

/** An append-only, hash-chained list of proofs, numbered 1, 2, 3… without gaps by all instances together. */
export interface Ledger {
  /**
   * Resolves when the entry is committed; with the earlier entry when the capture was locked with the same data.
   * @throws {HttpError} 409 for other data, 503 when too many wait
   */
  lock(lock: Lock): Promise<LedgerEntry>
  entries(after: number, limit: number): Promise<readonly LedgerEntry[]>
  /** @throws {HttpError} 503 when this instance has enough of these under way */
  verify(from?: number, to?: number): Promise<Verification>
  /** Resolves when all locks that were accepted have their answer. */
  close(): Promise<void>
}

const limits = {
  maxBatch: 500,
  maxWaiting: 5_000,
  maxWaitingBytes: 32 * 1024 * 1024,
}

/** A verification reads the whole ledger, and anyone may ask for one. */
const maxVerifications = 2

export function openLedger({ pool, writer }: Database): Ledger {
  const commits = new GroupCommit<Lock, LedgerEntry>({
    ...limits,
    commit: (locks) => append(writer, locks),
    concernsAll: isUnavailable,
    refuse: () => unavailable('Too many locks are waiting here.'),
  })
  let verifications = 0

  return {
    lock: (lock) => commits.submit(lock, lock.metadata.length),
    entries: (after, limit) => readEntries(pool, after, limit),
    async verify(from, to) {
      if (verifications >= maxVerifications)
        throw unavailable('The ledger is being verified already.', { retryAfter: 5 })
      verifications += 1
      try {
        return await verify(pool, from, to)
      } finally {
        verifications -= 1
      }
    },
    close: () => commits.idle(),
  }
}
