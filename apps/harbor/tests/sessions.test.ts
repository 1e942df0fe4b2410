import { pino } from 'pino'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openAccounts } from '../src/accounts/open-accounts.ts'
import { openDatabase } from '../src/database/database.ts'
import { migrateUp } from '../src/database/migrations.ts'
import { readEnvironment } from '../src/environment.ts'
import { createMetrics } from '../src/metrics/metrics.ts'
import { openRedis } from '../src/redis/redis.ts'
import { migrations, secret } from './support/instance.ts'
import { startTestPostgres, type TestPostgres, withClient } from './support/postgres.ts'

let postgres: TestPostgres
beforeAll(async () => {
  postgres = await startTestPostgres()
})
afterAll(() => postgres?.stop())

it('removes sessions a day after their end, and no others', async () => {
  const url = await postgres.database()
  await migrateUp(url, migrations)
  const log = pino({ level: 'silent' })
  const metrics = createMetrics()
  const database = openDatabase(url, { connections: 2, log, observe: metrics.query })
  const redis = openRedis(undefined, { log, observer: metrics.redis })
  const { users, sessions } = openAccounts({ environment: readEnvironment({}), secret, database, redis, metrics, log })
  const registered = await users.register('a@b', 'hash', 'Anna')
  const others = await Promise.all([1, 2].map(() => sessions.begin(registered?.user.id ?? '')))
  const ids = [registered, ...others].map((session) => session?.sessionId)
  const kept = await withClient(url, async (client) => {
    const age = `UPDATE user_sessions SET expires_at = clock_timestamp() - $1::interval WHERE id = $2`
    await client.query(age, ['25 hours', ids[0]])
    await client.query(age, ['23 hours', ids[1]])
    await sessions.tidy()
    return (await client.query<{ id: string }>('SELECT id FROM user_sessions')).rows.map(({ id }) => id)
  })
  expect(kept.sort()).toEqual([ids[1], ids[2]].sort())
  await database.close()
})
