import { pino } from 'pino'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { createMetrics } from '../metrics/metrics.ts'
import { openRedis } from '../redis/redis.ts'
import { LayeredCache } from './layered-cache.ts'

const ttl = 5 * 60_000
const metrics = createMetrics()
const redis = openRedis(undefined, { log: pino({ level: 'silent' }), observer: metrics.redis })

beforeEach(() => vi.useFakeTimers({ toFake: ['Date'] }))
afterEach(() => vi.useRealTimers())

/** A cache, and how often each key was made. */
function counted(options: { readonly most?: number } = {}) {
  const cache = new LayeredCache({ name: 'test', redis, metrics, ttl, ...options })
  const made: string[] = []
  const get = (key: string, text = key) =>
    cache.get(key, async () => {
      made.push(key)
      return text
    })
  return { get, made }
}

it('makes what it has not, once, also for many who ask at the same time', async () => {
  const { get, made } = counted()
  expect(await Promise.all([get('a'), get('a'), get('a'), get('b')])).toEqual(['a', 'a', 'a', 'b'])
  expect(await get('a')).toBe('a')
  expect(made).toEqual(['a', 'b'])
})

it('forgets what has had its time', async () => {
  const { get, made } = counted()
  await get('a')
  vi.setSystemTime(Date.now() + ttl - 1)
  await get('a')
  expect(made).toEqual(['a'])
  vi.setSystemTime(Date.now() + 1)
  await get('a')
  expect(made).toEqual(['a', 'a'])
})

it('lets go what was not used for longest when it is full', async () => {
  const { get, made } = counted({ most: 20 })
  for (const key of ['a', 'b', 'a', 'c']) await get(key, key.repeat(9))
  await get('a', '')
  await get('b', '')
  expect(made).toEqual(['a', 'b', 'c', 'b'])
})

it('makes anew what could not be made', async () => {
  const cache = new LayeredCache({ name: 'test', redis, metrics, ttl })
  await expect(cache.get('a', () => Promise.reject(new Error('away')))).rejects.toThrow('away')
  expect(await cache.get('a', async () => 'there')).toBe('there')
})
