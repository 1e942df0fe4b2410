import type pg from 'pg'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openSessions } from '../src/accounts/sessions.ts'
import { createTokens } from '../src/accounts/tokens.ts'
import { openUsers } from '../src/accounts/users.ts'
import { openDatabase } from '../src/database/database.ts'
import { migrateUp } from '../src/database/migrations.ts'
import { devices } from '../src/proofs/devices.ts'
import { openRedis } from '../src/redis/redis.ts'
import { readEvents } from '../src/security/event-store.ts'
import { migrations, secret } from './support/instance.ts'
import { startTestPostgres, type TestPostgres, withClient } from './support/postgres.ts'

let postgres: TestPostgres
let url: string

const log = pino({ level: 'silent' })
const anna = '00000000-0000-4000-8000-000000000001'

/** So many rows that to read a whole table would cost more than any index. */
const fill = `
  INSERT INTO users (id, number, email, password_hash, name, role)
    SELECT ('00000000-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid, n, n || '@example.org', 'x', 'x', 'member'
    FROM generate_series(1, 2000) n;
  INSERT INTO user_sessions (user_id, expires_at, revoked_at)
    SELECT u.id, now() + make_interval(hours => n), CASE WHEN n = 1 THEN now() - make_interval(days => 2) END
    FROM users u, generate_series(1, 10) n;
  INSERT INTO security_events (occurred_at, kind, severity, user_id, details)
    SELECT now(), 'login_failed', CASE WHEN n % 100 = 0 THEN 'high' ELSE 'low' END,
      ('00000000-0000-4000-8000-' || lpad(CASE WHEN n % 200 = 0 THEN '1' ELSE (n % 2000)::text END, 12, '0'))::uuid, '{}'
    FROM generate_series(1, 40000) n;
  INSERT INTO devices (device_id, token_hash, device_name, os_version)
    SELECT 'd' || n, sha256('x'), 'x', 'x' FROM generate_series(1, 5000) n;
  ANALYZE users, user_sessions, security_events, devices`

beforeAll(async () => {
  postgres = await startTestPostgres()
  url = await postgres.database()
  await migrateUp(url, migrations)
  await withClient(url, (client) => client.query(fill))
})
afterAll(() => postgres.stop())

interface Plan {
  readonly 'Node Type': string
  readonly 'Index Name'?: string
  readonly 'Index Cond'?: string
  readonly 'Conflict Arbiter Indexes'?: readonly string[]
  readonly Plans?: readonly Plan[]
}

/** What harbor's own statements do, by their names: Postgres explains each before it answers. */
async function explained(use: (pool: pg.Pool) => Promise<unknown>) {
  const database = openDatabase(url, { connections: 2, log, observe: () => undefined })
  const plans = new Map<string, readonly Plan[]>()
  const explaining = {
    async query({ name = '', text, values }: pg.QueryConfig) {
      const { rows } = await database.pool.query(`EXPLAIN (FORMAT JSON) ${text}`, values)
      plans.set(name, nodes(rows[0]['QUERY PLAN'][0].Plan))
      return database.pool.query(text, values)
    },
  }
  try {
    await use(explaining as unknown as pg.Pool)
  } finally {
    await database.close()
  }
  return plans
}

const nodes = (plan: Plan): readonly Plan[] => [plan, ...(plan.Plans ?? []).flatMap(nodes)]

const indexesOf = (plans: readonly Plan[] = []): readonly string[] =>
  plans.flatMap((plan) => plan['Index Name'] ?? plan['Conflict Arbiter Indexes'] ?? []).sort()

/** A whole table, or a whole index. */
const readsAll = (plans: readonly Plan[] = []): boolean =>
  plans.some((plan) => plan['Node Type'] === 'Seq Scan' || (plan['Index Name'] && plan['Index Cond'] === undefined))

const sorts = (plans: readonly Plan[] = []): boolean => plans.some((plan) => plan['Node Type'].includes('Sort'))

describe('security events', () => {
  it.each([
    ['security-events', {}, 'security_events_pkey'],
    ['security-events-user', { userId: anna }, 'security_events_user_id'],
    ['security-events-severity', { severity: 'high' }, 'security_events_severity'],
  ] as const)('are read from an index, in its order: %s', async (name, filter, index) => {
    const plan = (await explained((pool) => readEvents(pool, filter, 1_000_000, 50))).get(name)
    expect(indexesOf(plan)).toEqual([index])
    expect(readsAll(plan) || sorts(plan)).toBe(false)
  })
})

describe('sessions, and the refresh tokens that name them,', () => {
  it('are found by an index, whatever is asked of them', async () => {
    const redis = openRedis(undefined, { log, observer: { command: () => undefined, failure: () => undefined } })
    const plans = await explained(async (pool) => {
      const users = openUsers(pool, undefined)
      const sessions = openSessions({ pool, redis, tokens: createTokens(secret), users, log })
      const { sessionId, generation } = await sessions.begin(anna)
      await sessions.refresh({ sessionId, generation })
      // Nobody's: it is looked for in all ways.
      await sessions.refresh({ sessionId: anna, generation })
      await sessions.end(sessionId)
      await sessions.tidy()
      await sessions.start()
      sessions.close()
    })
    expect(Object.fromEntries([...plans].map(([name, plan]) => [name, indexesOf(plan)]))).toEqual({
      'session-begin': ['users_pkey'],
      'session-refresh': ['user_sessions_pkey', 'users_pkey'],
      'session-refresh-again': ['user_sessions_pkey', 'users_pkey'],
      'session-reuse': ['user_sessions_pkey'],
      'session-end': ['user_sessions_pkey'],
      'sessions-tidy': ['user_sessions_expires_at', 'user_sessions_pkey'],
      'sessions-ended': ['user_sessions_revoked_at'],
    })
    expect([...plans].filter(([, plan]) => readsAll(plan)).map(([name]) => name)).toEqual([])
  })
})

describe('tokens of devices', () => {
  it('are checked by an index when a device enrolls again', async () => {
    const device = { device_id: 'd7', device_token: 't', device_name: 'x', os_version: 'x' }
    const plans = await explained((pool) => devices(pool, secret).enroll(device))
    expect(indexesOf(plans.get('enroll'))).toEqual(['devices_pkey'])
  })
})
