import type { Pool } from 'pg'
import { tokenLifetime } from './tokens.ts'

/** A transaction that took longer than this between its clock and its commit would be overlooked. */
const overlap = 10_000

/** The sessions that were ended while their tokens would still hold: all of them, in this instance's memory. */
export class EndedSessions {
  readonly #pool: Pool
  /** Session → when its last token has expired. In the order of their ends, nearly. */
  readonly #ended = new Map<string, number>()
  /** By Postgres's clock. */
  #readUntil = new Date(0)

  constructor(pool: Pool) {
    this.#pool = pool
  }

  has(sessionId: string): boolean {
    return this.#ended.has(sessionId)
  }

  /** False when it was known. */
  add(sessionId: string): boolean {
    if (this.#ended.has(sessionId)) return false
    this.#ended.set(sessionId, Date.now() + tokenLifetime)
    return true
  }

  /**
   * Reads what was ended since the last time, at first everything that matters, and forgets what no longer does. By
   * `now()`, as no index is searched for `clock_timestamp()`.
   */
  async readNew(): Promise<readonly string[]> {
    this.#forget()
    const { rows } = await this.#pool.query<{ id: string; revoked_at: Date }>({
      name: 'sessions-ended',
      text: `SELECT id, revoked_at FROM user_sessions
             WHERE revoked_at > greatest($1::timestamptz, now() - make_interval(secs => $2))
             ORDER BY revoked_at`,
      values: [new Date(this.#readUntil.getTime() - overlap), tokenLifetime / 1000],
    })
    this.#readUntil = rows.at(-1)?.revoked_at ?? this.#readUntil
    return rows.map(({ id }) => id)
  }

  #forget(): void {
    const now = Date.now()
    for (const [sessionId, until] of this.#ended) {
      if (until > now) break
      this.#ended.delete(sessionId)
    }
  }
}
