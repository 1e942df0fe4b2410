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

it.each([
  ['rooms', 'name', `INSERT INTO rooms (name, kind, created_by) VALUES ('late', 'room', $1)`],
  ['documents', 'title', `INSERT INTO documents (title, created_by) VALUES ('late', $1)`],
] as const)('no list of %s hides what another transaction commits late', async (list, field, insert) => {
  const they = people(harbor)
  const read = (etag?: string) =>
    they.get<Record<string, Record<string, string>[]>>(
      `/api/${list}`,
      ann.token,
      etag === undefined ? {} : { 'if-none-match': etag },
    )
  await withClient(url, async (client) => {
    await client.query('BEGIN')
    await client.query(insert, [ann.user.id])
    let isMade = false
    const making = they.post(`/api/${list}`, { [field]: 'prompt' }, undefined, ann.token).then((answer) => {
      isMade = true
      return answer
    })
    const waits = () =>
      client.query(`SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()`)
    while (!isMade && (await waits()).rowCount === 0);
    const before = (await read()).headers.get('etag') ?? ''
    await client.query('COMMIT')
    expect((await making).status).toBe(201)
    const after = await read(before)
    expect(after.status).toBe(200)
    expect(after.body[list]?.map((each) => each[field])).toEqual(['late', 'prompt'])
  })
})
