import pg from 'pg'

/**
 * Reads where it may be a little late: from the replica when there is one that answers and is not far behind, else from the
 * primary, of which whoever asks notices nothing. `isWhole` says whether what was found is all that there should be; without
 * it what the replica says is good enough.
 */
export type Read = <T>(use: (pool: pg.Pool) => Promise<T>, isWhole?: (found: T) => boolean) => Promise<T>

/**
 * What came of asking the replica; after `behind` and `away` the primary was asked as well, and in place of one that is
 * `late`, further behind than it may be.
 */
export type ReplicaOutcome = 'answered' | 'behind' | 'away' | 'late'

interface Options {
  readonly primary: pg.Pool
  /** Undefined: there is none. */
  readonly replica: pg.Pool | undefined
  readonly isLate: () => boolean
  readonly observe: (outcome: ReplicaOutcome) => void
}

export function readsFrom({ primary, replica, isLate, observe }: Options): Read {
  if (replica === undefined) return (use) => use(primary)
  return async (use, isWhole = () => true) => {
    if (isLate()) {
      observe('late')
      return use(primary)
    }
    const found = await use(replica).then(
      (value) => ({ value }),
      (error: unknown) => {
        if (isOutOfTime(error)) throw error
        return undefined
      },
    )
    const outcome = found === undefined ? 'away' : isWhole(found.value) ? 'answered' : 'behind'
    observe(outcome)
    return found && outcome === 'answered' ? found.value : use(primary)
  }
}

/** SQLSTATE 57014, query_canceled: it took too long, and would again. */
const isOutOfTime = (error: unknown): boolean => error instanceof pg.DatabaseError && error.code === '57014'
