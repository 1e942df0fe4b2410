import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { client, secret } from './support/instance.ts'
import { Member } from './support/member.ts'
import type { SignedIn } from './support/people.ts'
import { startTestPostgres, type TestPostgres, withClient } from './support/postgres.ts'
import { build, type HarborProcess, startProcess } from './support/processes.ts'
import { startTestRedis, type TestRedis } from './support/redis.ts'
import { dialPlain, dialSocketIo } from './support/talk.ts'

let postgres: TestPostgres
let redis: TestRedis
let database: string
let instances: HarborProcess[]
const users: SignedIn[] = []
let room: string

beforeAll(async () => {
  await build()
  postgres = await startTestPostgres()
  redis = await startTestRedis()
  database = await postgres.database()
  const env = {
    DATABASE_URL: database,
    REDIS_URL: redis.url,
    HARBOR_SECRET: secret,
    HARBOR_SECURITY: 'none',
    LOG_LEVEL: 'info',
  }
  const first = await startProcess(env)
  instances = [first, await startProcess(env)]
  for (let n = 0; n < 6; n++)
    users.push(
      await post<SignedIn>('/api/auth/register', {
        email: `u${n}@example.org`,
        password: 'correct horse battery',
        name: `u${n}`,
      }),
    )
})

afterAll(async () => {
  for (const instance of instances ?? []) await instance.stop()
  await postgres?.stop()
  await redis?.stop()
})

beforeEach(async () => {
  const made = await post<{ room: { id: string } }>('/api/rooms', { name: 'faults' }, users[0])
  room = made.room.id
  for (const user of users) await post(`/api/rooms/${room}/join`, {}, user)
})

async function post<Body>(path: string, body: unknown, user?: SignedIn): Promise<Body> {
  const { send, json } = client(instances[0]?.url ?? '')
  return (await send<Body>('POST', path, json(body, user?.token))).body
}

/**
 * Twelve members write 25 messages each over some seconds while `fault` happens at a random point, then everyone must have
 * everything, once, in the one order, and what was acknowledged must be stored.
 */
async function survive(fault: (members: readonly Member[]) => Promise<unknown>): Promise<void> {
  const urls = () => instances.map(({ url }) => url)
  const members = users.flatMap(({ token }) =>
    [dialPlain, dialSocketIo].map((dial) => new Member(room, token, dial, urls)),
  )
  const lives = members.map((member) => member.live())
  const each = 25
  const writing = members.map(async (member, index) => {
    for (let n = 0; n < each; n++) {
      member.say(`m${index}-${n}`)
      await delay(40 + Math.random() * 40)
    }
  })
  await delay(300 + Math.random() * 700)
  await fault(members)
  await Promise.all(writing)
  const total = members.length * each
  const done = () => members.every((member) => member.isDone && member.last >= total)
  for (const deadline = Date.now() + 25_000; !done() && Date.now() < deadline; ) await delay(20)

  const stored = await withClient(
    database,
    async (pg) =>
      (
        await pg.query<{ seq: string; client_id: string }>(
          'SELECT seq, client_id FROM messages WHERE room_id = $1 ORDER BY seq',
          [room],
        )
      ).rows,
  )
  expect(members.map(({ wrong }) => wrong)).toEqual(members.map(() => []))
  expect(stored.map(({ seq }) => Number(seq))).toEqual(Array.from({ length: total }, (_, index) => index + 1))
  expect(members.map(({ last }) => last)).toEqual(members.map(() => total))
  const places = new Map(stored.map(({ seq, client_id }) => [client_id, Number(seq)]))
  for (const { acknowledged } of members) {
    expect(acknowledged.size).toBe(each)
    for (const [id, seq] of acknowledged) expect(places.get(id)).toBe(seq)
  }
  for (const member of members) member.stop()
  await Promise.all(lives)
}

it('loses and doubles nothing when connections are cut', async () => {
  await survive(async (members) => {
    for (let n = 0; n < 30; n++) {
      members[Math.floor(Math.random() * members.length)]?.talker?.cut()
      await delay(30)
    }
  })
})

it('loses and doubles nothing when Redis is killed and comes back empty', async () => {
  await survive(async () => {
    await redis.kill()
    await delay(700)
    await redis.start()
  })
})

it('loses and doubles nothing when an instance is killed and started again', async () => {
  await survive(async () => {
    await instances[1]?.kill()
    await delay(300)
    await instances[1]?.start()
  })
})

it('loses and doubles nothing when all instances are restarted one after the other', async () => {
  await survive(async () => {
    for (const instance of instances) {
      expect(await instance.stop()).toBe(0)
      await instance.start()
    }
  })
})

it('loses and doubles nothing when Postgres crashes', async () => {
  const { embedded } = postgres
  if (embedded === undefined) return
  await survive(async () => process.kill(embedded.pid(), 'SIGKILL'))
})
