import { PlimsollError } from '../../base/errors.ts'
import type { Counted } from '../../record/counted.ts'
import type { Probe } from '../probe.ts'
import { RedisConnection, RefusedByRedis } from './connection.ts'
import { growthBetween, levels, rates } from './figures.ts'
import { type Info, parseInfo } from './info.ts'
import { redisTrouble } from './trouble.ts'

/** Counted since the run's start: the probe's names, and INFO's. */
const totals = [
  ['evicted', 'evicted_keys'],
  ['expired', 'expired_keys'],
  ['rejected', 'rejected_connections'],
] as const

/**
 * A Redis, or Valkey, as its INFO tells it, over one connection of its own, which counts itself out. INFO costs the
 * server some tens of microseconds, however many keys there are.
 *
 * | value | unit | |
 * |---|---|---|
 * | `memory`, `memory rss` | B | what it has allocated; what it takes of the machine |
 * | `memory share` | ratio | of `maxmemory`, where that is set |
 * | `connections`, `blocked` | clients | `blocked`: waiting in BLPOP and its like |
 * | `keys` | | in all databases |
 * | `commands`, `hits`, `misses` | 1/s | |
 * | `hit rate` | ratio | of the keys that were looked up |
 * | `evicted`, `expired` | keys | since the run's start |
 * | `rejected` | connections | since the run's start, by `maxclients` |
 * | `cores` | cores in use | by the server's own process |
 * | `replicas`, `replication lag` | , ms | of a primary; the slowest replica's, in whole seconds |
 * | `primary away` | 0 or 1 | of a replica |
 * | `unsaved changes`, `persistence failed` | , 0 or 1 | |
 */
export class RedisProbe implements Probe {
  readonly name = 'redis'
  readonly #url: string
  readonly #totals = new Map<string, number>()
  #connection: RedisConnection | undefined
  #where = 'Redis'
  #last: { readonly at: number; readonly info: Info } | undefined

  constructor(url: string) {
    this.#url = url
  }

  async start(): Promise<void> {
    await this.stop()
    try {
      const url = this.#readUrl()
      this.#connection = await RedisConnection.open(url)
      await logIn(this.#connection, url)
      this.#last = await read(this.#connection)
    } catch (error) {
      await this.stop()
      throw redisTrouble(error, this.#where)
    }
  }

  async sample(): Promise<Record<string, number | Counted>> {
    try {
      if (this.#connection === undefined || this.#last === undefined) throw new Error('it was not connected to')
      const before = this.#last
      const now = await read(this.#connection)
      this.#last = now
      return {
        ...levels(now.info),
        ...rates(before.info, now.info, (now.at - before.at) / 1000),
        ...this.#count(before.info, now.info),
      }
    } catch (error) {
      throw redisTrouble(error, this.#where)
    }
  }

  async stop(): Promise<void> {
    this.#connection?.close()
    this.#connection = undefined
  }

  #readUrl(): URL {
    if (!URL.canParse(this.#url)) {
      throw new PlimsollError('PROBE_FAILED', 'the redis probe has no URL', {
        hint: "Give the plan `probes: { redis: 'redis://…' }`, or set the environment value that it reads.",
      })
    }
    const url = new URL(this.#url)
    this.#where = `${url.hostname}:${url.port || 6379}`
    return url
  }

  #count(before: Info, now: Info): Record<string, number> {
    const grown = growthBetween(before, now)
    for (const [name, counter] of totals) {
      const growth = grown(counter)
      if (growth !== undefined) this.#totals.set(name, (this.#totals.get(name) ?? 0) + growth)
    }
    return Object.fromEntries(this.#totals)
  }
}

async function logIn(connection: RedisConnection, { username, password }: URL): Promise<void> {
  if (password === '') return
  const words = [username, password].filter((word) => word !== '').map(decoded)
  await connection.ask('AUTH', ...words).catch((error: unknown) => {
    // A server that does not know the command repeats what it was given, the password with it.
    if (!(error instanceof RefusedByRedis)) throw error
    throw error.code === 'ERR' ? new Error('it takes no password: none is set there') : new RefusedByRedis(error.code)
  })
}

/** A sign of its own in a password, such as `%`, need not be escaped. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

async function read(connection: RedisConnection): Promise<{ at: number; info: Info }> {
  const text = await connection.ask('INFO')
  return { at: performance.now(), info: parseInfo(text) }
}
