import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { migrateUp } from '../src/database/migrations.ts'
import { readEvents } from '../src/security/event-store.ts'
import { migrations } from './support/instance.ts'
import { startTestPostgres, type TestPostgres } from './support/postgres.ts'

let postgres: TestPostgres
let pool: pg.Pool
let user: string

beforeAll(async () => {
  postgres = await startTestPostgres()
  const url = await postgres.database()
  await migrateUp(url, migrations)
  pool = new pg.Pool({ connectionString: url, max: 1 })
  await pool.query(`
    INSERT INTO users (number, email, password_hash, name, role)
      SELECT n, n || '@example.org', 'x', 'n', 'member' FROM generate_series(1, 2000) n;
    INSERT INTO user_sessions (user_id, created_at, last_used_at, expires_at, revoked_at)
      SELECT u.id, t, t, t + interval '30 days', CASE WHEN n % 100 = 0 THEN t END
      FROM users u, generate_series(1, 10) n, LATERAL (SELECT now() - (u.number * 20 + n) * interval '1 minute' AS t) at;
    INSERT INTO security_events (occurred_at, kind, severity, user_id, details)
      SELECT now(), 'registered', CASE WHEN n % 500 = 0 THEN 'critical' ELSE 'info' END, u.id, '{}'
      FROM generate_series(1, 10) n, users u;
    ANALYZE`)
  user = (await pool.query<{ id: string }>('SELECT id FROM users WHERE number = 1000')).rows[0]?.id ?? ''
})

afterAll(async () => {
  await pool?.end()
  await postgres?.stop()
})

async function plan(text: string, values: readonly unknown[] = []): Promise<string> {
  return JSON.stringify((await pool.query(`EXPLAIN (FORMAT JSON) ${text}`, [...values])).rows)
}

describe('security events', () => {
  /** The plan of the very statement that is sent. */
  async function planOf(filter: Parameters<typeof readEvents>[1]): Promise<string> {
    let found = ''
    const explaining = {
      query: async ({ text, values }: { readonly text: string; readonly values: readonly unknown[] }) => {
        found = await plan(text, values)
        return { rows: [] }
      },
    }
    await readEvents(explaining as unknown as pg.Pool, filter, 1_000_000, 50)
    return found
  }

  it.each([
    ['all', {}, 'security_events_pkey'],
    ['of a severity', { severity: 'critical' }, 'security_events_severity'],
  ] as const)('are read by an index: %s', async (_which, filter, index) => {
    const found = await planOf(filter)
    expect(found).toContain(`"Index Name":"${index}"`)
    expect(found).not.toContain('"Node Type":"Seq Scan"')
  })

  it('are read by an index: of a user', async () => {
    expect(await planOf({ userId: user })).toContain('"Index Name":"security_events_user_id"')
  })
})

describe('sessions and their refresh tokens', () => {
  it.each([
    [
      'a token that asks',
      'SELECT generation FROM user_sessions WHERE id = $$00000000-0000-4000-8000-000000000000$$',
      'user_sessions_pkey',
    ],
    [
      'those that ended lately',
      "SELECT id FROM user_sessions WHERE revoked_at > now() - interval '1 day'",
      'user_sessions_revoked_at',
    ],
    [
      'those that are over',
      "SELECT id FROM user_sessions WHERE expires_at < now() - interval '1 day'",
      'user_sessions_expires_at',
    ],
  ])('are found by an index: %s', async (_which, text, index) => {
    const found = await plan(text)
    expect(found).toContain(`"Index Name":"${index}"`)
    expect(found).not.toContain('"Node Type":"Seq Scan"')
  })

  it('are found by an index: those of a user', async () => {
    const found = await plan('SELECT id FROM user_sessions WHERE user_id = $1', [user])
    expect(found).toContain('"Index Name":"user_sessions_user_id"')
  })
})
