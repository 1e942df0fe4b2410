import { setTimeout as delay } from 'node:timers/promises'
import { pino } from 'pino'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { RedisAway } from '../src/redis/guard.ts'
import { LocalKeyValue, LocalPubSub } from '../src/redis/in-process.ts'
import type { KeyValue, PubSub } from '../src/redis/key-value.ts'
import { openRedis, type Redis } from '../src/redis/redis.ts'

import { type Instance, startInstance } from './support/instance.ts'
import { people } from './support/people.ts'
import { startTestPostgres } from './support/postgres.ts'
import { startTestRedis, type TestRedis } from './support/redis.ts'

let redis: TestRedis
const opened: { close(): Promise<unknown> }[] = []

beforeEach(async () => {
  redis = await startTestRedis()
})
afterEach(async () => {
  for (const each of opened.splice(0).reverse()) await each.close()
  await redis.stop()
})

const observer = { command: () => undefined, failure: () => undefined }

async function open(): Promise<Redis> {
  const connection = openRedis(redis.url, { log: pino({ level: 'silent' }), observer })
  opened.push(connection)
  await until(async () => connection.isReady())
  return connection
}

async function until(what: () => Promise<boolean>) {
  for (const deadline = Date.now() + 30_000; Date.now() < deadline; await delay(10)) if (await what()) return
  throw new Error('it did not happen within 30 s')
}

describe.each([
  ['Redis', async () => (await open()).store],
  ['the stand-in', async () => new LocalKeyValue()],
] as [string, () => Promise<KeyValue>][])('%s', (_, make) => {
  it('keeps, counts, takes and forgets', async () => {
    const store = await make()
    expect(await store.get('a')).toBeUndefined()
    await store.set('a', '1', 60_000)
    expect(await store.setIfAbsent('a', '2', 60_000)).toBe(false)
    expect(await store.get('a')).toBe('1')
    expect(await store.take('a')).toBe('1')
    expect(await store.take('a')).toBeUndefined()
    expect(await store.setIfAbsent('a', '2', 60_000)).toBe(true)
    await store.delete('a', 'b')
    expect(await store.get('a')).toBeUndefined()
    expect([await store.increment('n', 1, 60_000), await store.increment('n', 4, 60_000)]).toEqual([1, 5])
    await store.set('short', '1', 1)
    await until(async () => (await store.get('short')) === undefined)
  })

  it('gives shares of a limit, smaller ones towards its end', async () => {
    const store = await make()
    const take = (most: number) => store.takeShare('s', { limit: 100, most, ttl: 60_000 })
    expect([await take(50), await take(3), await take(50)]).toMatchObject([
      { points: 5, taken: 5 },
      { points: 3, taken: 8 },
      { points: 4, taken: 12 },
    ])
    let last = await take(50)
    while (last.taken < 100) last = await take(50)
    expect(last).toMatchObject({ points: 1, taken: 100 })
    expect((await take(50)).taken).toBe(101)
    expect(last.ttl).toBeGreaterThan(0)
    expect(last.ttl).toBeLessThanOrEqual(60_000)
  })

  it('has hashes', async () => {
    const store = await make()
    expect(await store.fields('h')).toEqual({})
    await store.setField('h', 'a', '1', 60_000)
    await store.setField('h', '__proto__', '2', 60_000)
    await store.deleteField('h', 'a')
    await store.deleteField('nothing', 'a')
    expect(Object.entries(await store.fields('h'))).toEqual([['__proto__', '2']])
  })
})

describe.each([
  ['Redis', async () => [(await open()).pubSub, (await open()).pubSub]],
  [
    'the stand-in',
    async () => {
      const one = new LocalPubSub()
      return [one, one]
    },
  ],
] as [string, () => Promise<[PubSub, PubSub]>][])('hints through %s', (_, make) => {
  it('reach every subscriber until it leaves', async () => {
    const [here, there] = await make()
    const seen: string[] = []
    const leave = await here.subscribe('c', (message) => seen.push(`first ${message}`))
    await here.subscribe('c', (message) => seen.push(`second ${message}`))
    await there.publish('c', 'a')
    await there.publish('other', 'x')
    await until(async () => seen.length === 2)
    leave()
    await there.publish('c', 'b')
    await until(async () => seen.length === 3)
    expect(seen).toEqual(['first a', 'second a', 'second b'])
  })
})

it('fails at once while Redis is away, and subscribes anew when it is back', async () => {
  const connection = await open()
  const seen: string[] = []
  let returns = 0
  connection.onReturn(() => {
    returns += 1
  })
  await connection.pubSub.subscribe('before', (message) => seen.push(message))
  await redis.kill()
  await until(async () => !connection.isReady())
  for (let index = 0; index < 20; index += 1) {
    await expect(connection.store.get('a')).rejects.toThrow(RedisAway)
  }
  await expect(connection.pubSub.publish('before', 'lost')).rejects.toThrow(RedisAway)
  await connection.insured.set('a', '1', 60_000)
  expect(await connection.insured.get('a')).toBe('1')
  await connection.pubSub.subscribe('meanwhile', (message) => seen.push(message))

  await redis.start()
  await until(async () => connection.isReady() && returns > 0)
  await until(() =>
    connection.store.set('a', '2', 60_000).then(
      () => true,
      () => false,
    ),
  )
  expect(await connection.insured.get('a')).toBe('2')
  await connection.pubSub.publish('before', 'one')
  await connection.pubSub.publish('meanwhile', 'two')
  await until(async () => seen.length === 2)
  expect(seen).toEqual(['one', 'two'])
})

describe('a harbor whose Redis is killed', () => {
  it('answers on, keeps its limits by itself, and shares them again afterwards', async () => {
    const postgres = await startTestPostgres()
    opened.push({ close: () => postgres.stop() })
    const databaseUrl = await postgres.database()
    const environment = { REDIS_URL: redis.url, HARBOR_TRUST_PROXY: '127.0.0.1' }
    const start = async () => {
      const harbor = await startInstance(databaseUrl, { environment })
      opened.push(harbor)
      return harbor
    }
    const [harbor, other] = [await start(), await start()]
    const ask = people(harbor)
    const { token } = (await ask.register('anna')).body
    const statuses: number[] = []
    let stop = false
    const flow = Array.from({ length: 4 }, async (_, index) => {
      for (let turn = 0; !stop; turn += 1) {
        const instance = (turn + index) % 2 === 0 ? harbor : other
        statuses.push((await people(instance).get('/api/users', token)).status)
      }
    })
    const more = async (count: number) => {
      const goal = statuses.length + count
      await until(async () => statuses.length >= goal)
    }

    await more(100)
    await redis.kill()
    await more(200)
    expect(await readiness(harbor)).toEqual([503, ['redis']])
    // Signing in and out, and being kept out, go on without Redis.
    const { body } = await ask.login('anna')
    expect((await ask.logout(body.token)).status).toBe(200)
    expect((await ask.me(body.token)).status).toBe(401)
    for (let index = 0; index < 10; index += 1) await ask.login(`x-${index}`, 'guess', '10.0.0.1')
    expect((await ask.login('anna', undefined, '10.0.0.1')).status).toBe(429)

    await redis.start()
    await until(async () => (await readiness(harbor))[0] === 200 && (await readiness(other))[0] === 200)
    // The session that ended while hints were lost is over on the other instance as well.
    await until(async () => (await people(other).me(body.token)).status === 401)
    const { body: later } = await ask.login('anna')
    await ask.logout(later.token)
    expect((await people(other).me(later.token)).status).toBe(401)
    await more(100)
    stop = true
    await Promise.all(flow)
    expect(new Set(statuses)).toEqual(new Set([200]))
  })
})

it('answers on while Redis hangs, and is ready again with it', async () => {
  const postgres = await startTestPostgres()
  opened.push({ close: () => postgres.stop() })
  const harbor = await startInstance(await postgres.database(), { environment: { REDIS_URL: redis.url } })
  opened.push(harbor)
  const ask = people(harbor)
  const { token } = (await ask.register('anna')).body
  process.kill(redis.pid(), 'SIGSTOP')
  try {
    const statuses: number[] = []
    // The first ones wait for a timeout; the breaker spares it the others.
    for (let index = 0; index < 300; index += 1) statuses.push((await ask.get('/api/users', token)).status)
    expect(new Set(statuses)).toEqual(new Set([200]))
    expect((await harbor.send('GET', '/health/ready')).status).toBe(503)
  } finally {
    process.kill(redis.pid(), 'SIGCONT')
  }
  await until(async () => (await readiness(harbor))[0] === 200)
})

async function readiness(harbor: Instance): Promise<[number, (string | undefined)[]]> {
  const { status, body } = await harbor.send('GET', '/health/ready')
  return [status, status === 200 ? [] : body.error.details.map(({ path }) => path)]
}
