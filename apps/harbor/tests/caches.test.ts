import { Redis } from 'ioredis'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { type Instance, startInstance } from './support/instance.ts'
import { type People, people, type SignedIn } from './support/people.ts'
import { startTestPostgres, type TestPostgres } from './support/postgres.ts'
import { startTestRedis, type TestRedis } from './support/redis.ts'

const fiveMinutes = 5 * 60_000

let postgres: TestPostgres
let redis: TestRedis
let client: Redis
let url: string
let harbor: Instance
let they: People
let ann: SignedIn
let room: string

beforeAll(async () => {
  ;[postgres, redis] = await Promise.all([startTestPostgres(), startTestRedis()])
  client = new Redis(redis.url)
  url = await postgres.database()
  harbor = await startInstance(url, { environment: { REDIS_URL: redis.url } })
  they = people(harbor)
  ann = (await they.register('ann')).body
  for (const kind of ['group', 'room'] as const) {
    const made = await they.post<{ room: { id: string } }>('/api/rooms', { name: 'r', kind }, undefined, ann.token)
    room = made.body.room.id
  }
  await they.post('/api/messages', { room_id: room, content: 'hello' }, undefined, ann.token)
})

afterAll(async () => {
  await harbor?.close()
  client?.disconnect()
  await Promise.all([redis?.stop(), postgres?.stop()])
})

const keysOf = (cache: string) => client.keys(`harbor:cache:${cache}:*`)

describe('what is cached', () => {
  it.each([
    ['users', '/api/users'],
    ['rooms', '/api/rooms'],
    ['rooms', '/api/groups'],
    ['messages', '/api/messages?room=:id'],
    ['members', '/api/rooms/:id/members'],
  ])('is in Redis for five minutes, and then gone: %s', async (cache, path) => {
    await client.flushall()
    const made = await startInstance(url, { environment: { REDIS_URL: redis.url } })
    try {
      expect((await people(made).get(path.replace(':id', room), ann.token)).status).toBe(200)
      const [key = ''] = await vi.waitUntil(async () => {
        const keys = await keysOf(cache)
        return keys.length > 0 && keys
      })
      const left = await client.pttl(key)
      expect(left).toBeGreaterThan(fiveMinutes - 60_000)
      expect(left).toBeLessThanOrEqual(fiveMinutes)
    } finally {
      await made.close()
    }
  })
})

describe('an instance that starts', () => {
  async function counts({ metrics }: Instance) {
    const text = await metrics.registry.metrics()
    const count = (what: string) =>
      Number(text.match(new RegExp(`^cache_${what}_total\\{cache="rooms"\\} (\\d+)$`, 'm'))?.[1] ?? 0)
    return { hits: count('hits'), misses: count('misses') }
  }

  it.each([
    ['has made the first pages before it is asked', false, ['/api/rooms', '/api/groups'], { hits: 2, misses: 2 }],
    ['has found those of another instance in Redis', true, ['/api/rooms', '/api/groups'], { hits: 4, misses: 0 }],
    ['makes no other pages than those', false, ['/api/rooms?limit=7'], { hits: 0, misses: 3 }],
  ])('%s', async (_, withRedis, paths, counted) => {
    if (withRedis) {
      await startInstance(url, { environment: { REDIS_URL: redis.url } }).then((first) => first.close())
      await vi.waitUntil(async () => (await keysOf('rooms')).length >= 2)
    }
    const started = await startInstance(url, withRedis ? { environment: { REDIS_URL: redis.url } } : {})
    try {
      for (const path of paths) expect((await people(started).get(path, ann.token)).status).toBe(200)
      expect(await counts(started)).toEqual(counted)
    } finally {
      await started.close()
    }
  })
})
