import type { KeyValue } from '../../apps/harbor/src/redis/key-value.ts'
import type { Library } from '../../apps/harbor/src/redis/redis.ts'
import type { Quota } from '../../apps/harbor/src/security/quota.ts'

type Client = Library['client']

/** Harbor's own, above its client. */
export interface Limits {
  readonly store: KeyValue
  readonly quota: Quota
}

export interface Operation {
  readonly name: string
  /** What the seeds allow it, in milliseconds: 10 (seed 001), 5 where a cache is asked (seed 003); nothing is said of ten. */
  readonly bar?: number | undefined
  readonly run: (client: Client, n: number, limits: Limits) => unknown
  /** By its name, what it is there to save. */
  readonly instead?: string | undefined
}

/** Of about the size of a user in a cache. */
const value = 'x'.repeat(256)
const lifetime = 60_000
const indexes = Array.from({ length: 10 }, (_, index) => index)
const key = (n: number) => `bench:${n % 1_000}`
const ten = (n: number) => indexes.map((index) => key(n + index))
/** A minute that slides, as a set of the times of the requests in it. */
const sliding = (n: number) => `bench:sliding:${n % 100}`

/** What a user has in a minute if nothing else is set. */
export const minute = { limit: 1_000, most: 50, ttl: lifetime }

/** In an order in which each finds what those before it left. */
export const operations: readonly Operation[] = [
  { name: 'SET, 256 bytes', bar: 10, run: (client, n) => client.set(key(n), value, 'PX', lifetime) },
  { name: 'GET, 256 bytes', bar: 5, run: (client, n) => client.get(key(n)) },
  {
    name: 'MULTI with SET, INCR and EXPIRE',
    bar: 10,
    run: (client, n) => client.multi().set(key(n), value).incr('bench:count').pexpire(key(n), lifetime).exec(),
  },
  {
    name: '10 GETs, one after the other',
    run: async (client, n) => {
      for (const each of ten(n)) await client.get(each)
    },
  },
  {
    name: 'MGET of 10',
    bar: 5,
    run: (client, n) => client.mget(ten(n)),
    instead: '10 GETs, one after the other',
  },
  {
    name: '10 GETs at once, pipelined by the client',
    bar: 5,
    run: (client, n) => Promise.all(ten(n).map((each) => client.get(each))),
    instead: '10 GETs, one after the other',
  },
  {
    name: '10 different commands, one after the other',
    run: async (client, n) => {
      for (const each of ten(n).slice(0, 5)) {
        await client.set(each, value, 'PX', lifetime)
        await client.incr('bench:count')
      }
    },
  },
  {
    name: 'a pipeline of the same 10',
    bar: 10,
    run: (client, n) => {
      const pipeline = client.pipeline()
      for (const each of ten(n).slice(0, 5)) pipeline.set(each, value, 'PX', lifetime).incr('bench:count')
      return pipeline.exec()
    },
    instead: '10 different commands, one after the other',
  },
  {
    name: 'a sliding window: ZREMRANGEBYSCORE, ZADD, ZCARD and PEXPIRE in a MULTI',
    bar: 10,
    run: (client, n) =>
      client
        .multi()
        .zremrangebyscore(sliding(n), 0, Date.now() - lifetime)
        .zadd(sliding(n), Date.now(), `${n}`)
        .zcard(sliding(n))
        .pexpire(sliding(n), lifetime)
        .exec(),
  },
  {
    name: "a share of a limit, by harbor's script",
    bar: 10,
    run: (_, n, { store }) => store.takeShare(`bench:share:${n % 100}`, minute),
  },
  {
    name: 'a request within a limit, by a share that is there in 49 of 50',
    bar: 10,
    run: (_, n, { quota }) => quota.consume(`${n % 20}`),
    instead: 'a sliding window: ZREMRANGEBYSCORE, ZADD, ZCARD and PEXPIRE in a MULTI',
  },
  { name: 'DEL', bar: 10, run: (client, n) => client.del(key(n)) },
]
