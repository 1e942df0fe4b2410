import type { Pool } from 'pg'
import type { Logger } from 'pino'
import { isUnavailable } from '../database/unavailable.ts'
import type { Redis } from '../redis/redis.ts'
import { EndedSessions } from './ended-sessions.ts'
import type { Principal, Sessions } from './principal.ts'
import type { RefreshToken, Tokens } from './tokens.ts'
import { type SignedIn, type UserRow, type Users, userColumns } from './users.ts'

/** Sessions, with what accounts alone may do to them. */
export interface OwnSessions extends Sessions {
  /** @returns the tokens of a session that begins */
  begin(userId: string): Promise<SignedIn>
  /**
   * Uses up a refresh token; undefined when it is not good. The one before the newest gets the newest again for
   * ten seconds, as its answer may have been lost; any other that was used before ends its session.
   */
  refresh(token: RefreshToken): Promise<SignedIn | 'reused' | undefined>
  end(sessionId: string): Promise<void>
  start(): Promise<void>
  /** Removes what is a day past its end. */
  tidy(): Promise<void>
  close(): void
}

const channel = 'harbor:sessions:ended'

/** For how long a hint that was lost may go unnoticed, in milliseconds. */
const catchUpEvery = 5_000
const tidyEvery = 3600_000

/**
 * In seconds: for whoever asks again after a lost answer, or from two tabs at once. RFC 9700, section 4.14.2, has reuse
 * end the session; a grace like this, of 5 to 60 s and only for the newest but one, is the practice of servers.
 */
const refreshGrace = 10

interface Options {
  readonly pool: Pool
  readonly redis: Redis
  readonly tokens: Tokens
  readonly users: Users
  readonly log: Logger
}

/**
 * A token says by its signature whose it is, so no request asks Postgres or Redis. The few sessions that were ended
 * before their tokens expired are known to every instance: told through Redis at once, and read from Postgres at the
 * start and every few seconds, in case Redis was away.
 */
export function openSessions({ pool, redis, tokens, users, log }: Options): OwnSessions {
  const ended = new EndedSessions(pool)
  const listeners: ((sessionId: string) => void)[] = []
  const timers: NodeJS.Timeout[] = []

  const learn = (sessionId: string): void => {
    if (!ended.add(sessionId)) return
    for (const listener of listeners) listener(sessionId)
  }
  const catchUp = async (): Promise<void> => {
    try {
      for (const sessionId of await ended.readNew()) learn(sessionId)
    } catch (error) {
      if (!isUnavailable(error)) log.error({ err: error }, 'ended sessions could not be read')
    }
  }

  /**
   * Sessions that can neither be used nor refreshed; a bounded number at a time. By `now()`, which stays the same for the
   * statement: no index is searched for `clock_timestamp()`.
   */
  const tidy = async (): Promise<void> => {
    try {
      await pool.query({
        name: 'sessions-tidy',
        text: `DELETE FROM user_sessions WHERE id IN (
                 SELECT id FROM user_sessions WHERE expires_at < now() - interval '1 day' LIMIT 10000)`,
      })
    } catch (error) {
      if (!isUnavailable(error)) log.error({ err: error }, 'old sessions could not be removed')
    }
  }

  const signedIn = async (sql: { name: string; text: string; values: unknown[] }): Promise<SignedIn | undefined> => {
    const { rows } = await pool.query<UserRow & { session_id: string; generation: number }>(sql)
    const [row] = rows
    return row && { user: users.toUser(row), sessionId: row.session_id, generation: row.generation }
  }

  /** What the token of that generation was exchanged for, if that was just now and nobody has used it yet. */
  const successor = (sessionId: string, generation: number): Promise<SignedIn | undefined> =>
    signedIn({
      name: 'session-refresh-again',
      text: `
        SELECT ${userColumns}, s.id AS session_id, s.generation FROM user_sessions s JOIN users u ON u.id = s.user_id
        WHERE s.id = $1 AND s.generation = $2 + 1 AND s.revoked_at IS NULL AND s.expires_at > clock_timestamp()
          AND s.rotated_at > clock_timestamp() - make_interval(secs => $3)`,
      values: [sessionId, generation, refreshGrace],
    })

  const end = async (sessionId: string): Promise<void> => {
    await pool.query({
      name: 'session-end',
      text: 'UPDATE user_sessions SET revoked_at = clock_timestamp() WHERE id = $1 AND revoked_at IS NULL',
      values: [sessionId],
    })
    learn(sessionId)
    await redis.pubSub.publish(channel, sessionId).catch(() => undefined)
  }

  return {
    async authenticate(token): Promise<Principal | undefined> {
      const found = tokens.readAccess(token)
      return found && !ended.has(found.sessionId) ? found : undefined
    },
    onEnd: (listener) => void listeners.push(listener),
    async begin(userId) {
      const session = await signedIn({
        name: 'session-begin',
        text: `
          WITH s AS (
            INSERT INTO user_sessions (user_id, expires_at) VALUES ($1, clock_timestamp() + interval '30 days')
            RETURNING id, user_id, generation
          )
          SELECT ${userColumns}, s.id AS session_id, s.generation FROM s JOIN users u ON u.id = s.user_id`,
        values: [userId],
      })
      if (session === undefined) throw new Error(`user ${userId} is gone`)
      return session
    },
    async refresh({ sessionId, generation }) {
      const session = await signedIn({
        name: 'session-refresh',
        text: `
          UPDATE user_sessions s SET generation = s.generation + 1, last_used_at = clock_timestamp(),
            rotated_at = clock_timestamp(), expires_at = clock_timestamp() + interval '30 days'
          FROM users u
          WHERE s.id = $1 AND s.generation = $2 AND s.revoked_at IS NULL AND s.expires_at > clock_timestamp()
            AND u.id = s.user_id
          RETURNING ${userColumns}, s.id AS session_id, s.generation`,
        values: [sessionId, generation],
      })
      const given = session ?? (await successor(sessionId, generation))
      if (given) return given
      const { rowCount } = await pool.query({
        name: 'session-reuse',
        text: 'SELECT FROM user_sessions WHERE id = $1 AND generation > $2 AND revoked_at IS NULL',
        values: [sessionId, generation],
      })
      if (rowCount === 0) return undefined
      await end(sessionId)
      return 'reused'
    },
    end,
    async start() {
      await redis.pubSub.subscribe(channel, learn)
      redis.onReturn(() => void catchUp())
      await catchUp()
      timers.push(
        setInterval(() => void catchUp(), catchUpEvery),
        setInterval(() => void tidy(), tidyEvery),
      )
      for (const timer of timers) timer.unref()
    },
    tidy,
    close: () => {
      for (const timer of timers) clearInterval(timer)
    },
  }
}
