import pg from 'pg'

/**
 * Reads where it may be a little late: from the replica when there is one that answers, else from the primary, of which
 * whoever asks notices nothing. `isWhole` says whether what was found is all that there should be; without it what the
 * replica says is good enough, however far it is behind.
 */
export type Read = <T>(use: (pool: pg.Pool) => Promise<T>, isWhole?: (found: T) => boolean) => Promise<T>

/** What came of asking the replica; after the latter two the primary was asked as well. */
export type ReplicaOutcome = 'answered' | 'behind' | 'away'

interface Options {
  readonly primary: pg.Pool
  /** Undefined: there is none. */
  readonly replica: pg.Pool | undefined
  readonly observe: (outcome: ReplicaOutcome) => void
}

export function readsFrom({ primary, replica, observe }: Options): Read {
  if (replica === undefined) return (use) => use(primary)
  return async (use, isWhole = () => true) => {
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
