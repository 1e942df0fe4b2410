import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Instance, startInstance } from './support/instance.ts'
import { people, type SignedIn } from './support/people.ts'
import { startTestPostgres, type TestPostgres, withClient } from './support/postgres.ts'

let postgres: TestPostgres
let url: string
let harbor: Instance
let ann: SignedIn

beforeAll(async () => {
  postgres = await startTestPostgres()
  url = await postgres.database()
  harbor = await startInstance(url)
  ann = (await people(harbor).register('ann')).body
})

afterAll(async () => {
  await harbor?.close()
  await postgres?.stop()
})

it('waits for slow searches, several at a time, while everyone else is served', async () => {
  const they = people(harbor)
  await withClient(url, async (client) => {
    // What searches wait for, as they would for a table too large for the memory.
    await client.query('BEGIN; LOCK TABLE messages IN ACCESS EXCLUSIVE MODE')
    const searching = Array.from({ length: 12 }, () => they.get('/api/messages/search?q=word', ann.token))
    const waiting = async () =>
      (
        await client.query<{ n: number }>(
          `SELECT count(*)::int AS n FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()`,
        )
      ).rows[0]?.n ?? 0
    while ((await waiting()) < 2) await they.get('/health')
    // Longer than half a second, in which they ended once.
    await client.query('SELECT pg_sleep(0.7)')
    expect((await they.get('/api/rooms', ann.token)).status).toBe(200)
    expect(await waiting()).toBe(2)
    await client.query('COMMIT')
    expect((await Promise.all(searching)).map(({ status }) => status)).toEqual(searching.map(() => 200))
  })
})
