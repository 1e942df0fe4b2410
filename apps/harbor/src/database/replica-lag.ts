import type pg from 'pg'

/** Where the primary's WAL was, in bytes, and when, in milliseconds. */
interface Mark {
  readonly position: number
  readonly at: number
}

/** An hour of seconds. */
const mostMarks = 3_600

/**
 * How far a replica is behind, by where the primary's WAL was when. What the replica itself could tell, the time of the last
 * transaction that it replayed, grows while nobody writes, and what it received last stands still when it receives no more.
 */
export class ReplicaLag {
  /** What the replica has not replayed yet, the oldest first. */
  readonly #ahead: Mark[] = []
  /** When all was written that it has replayed. */
  #asOf = Number.NEGATIVE_INFINITY
  #newest = 0

  /** Before the replica is asked. */
  primaryIsAt(position: number, now: number): void {
    // After a failover that lost something the WAL begins anew at an earlier place.
    while ((this.#ahead.at(-1)?.position ?? 0) > position) this.#ahead.pop()
    if (this.#ahead.length === mostMarks) this.#ahead.shift()
    this.#ahead.push({ position, at: now })
    this.#newest = now
  }

  replicaIsAt(position: number): void {
    for (let [first] = this.#ahead; first !== undefined && first.position <= position; [first] = this.#ahead) {
      this.#asOf = first.at
      this.#ahead.shift()
    }
  }

  /**
   * In milliseconds, as of when the primary was asked last: while it is away nothing is written that the replica could be
   * behind of. Infinite while it has not replayed anything that was seen of the primary.
   */
  get milliseconds(): number {
    return this.#newest - this.#asOf
  }
}

const positionOf = (now: string) => `SELECT pg_wal_lsn_diff(${now}, '0/0')::float8 AS position`

/** A replica that was promoted replays nothing, and has all. */
const replayed = 'CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn() ELSE pg_current_wal_lsn() END'

interface Pools {
  readonly primary: pg.Pool
  readonly replica: pg.Pool
}

/**
 * Looks again and again how far the replica is behind.
 * @param every in milliseconds
 * @returns the lag, and a function that stops
 */
export function watchLag({ primary, replica }: Pools, every: number): { lag: ReplicaLag; stop: () => void } {
  const lag = new ReplicaLag()
  const ask = async (pool: pg.Pool, name: string, position: string): Promise<number | null> => {
    const { rows } = await pool.query<{ position: number | null }>({ name, text: positionOf(position) })
    return rows[0]?.position ?? null
  }
  let looking = false
  const look = async () => {
    if (looking) return
    looking = true
    try {
      const written = await ask(primary, 'wal-written', 'pg_current_wal_lsn()')
      lag.primaryIsAt(written ?? 0, performance.now())
      const has = await ask(replica, 'wal-replayed', replayed)
      lag.replicaIsAt(has ?? -1)
    } catch {
      // Whoever is away is looked at again the next time; those who read from it see for themselves.
    } finally {
      looking = false
    }
  }
  const timer = setInterval(() => void look(), every)
  void look()
  return { lag, stop: () => clearInterval(timer) }
}
