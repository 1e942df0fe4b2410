import type { Library } from '../../apps/harbor/src/redis/redis.ts'
import { Quota } from '../../apps/harbor/src/security/quota.ts'
import type { Options } from '../harness/options.ts'
import { ascending, quantile } from '../harness/statistics.ts'
import { connectRedis, usedByRedis } from './redis-client.ts'
import { type Limits, minute, type Operation, operations } from './redis-operations.ts'

/** Milliseconds of one operation at a time, and what it costs in microseconds of CPU. */
export interface Timed extends Omit<Operation, 'run'> {
  readonly p50: number
  readonly p95: number
  readonly p99: number
  readonly p999: number
  readonly client: number
  readonly server: number
}

/** Calls of one operation before the next one's turn: all meet the same moods of the machine. */
const block = 200

/** By harbor's own client, one at a time, against a redis-server that keeps nothing on disk. */
export async function timeCommands(blocks: number, cores: Options['cores']): Promise<readonly Timed[]> {
  const { redis, client, close } = await connectRedis(cores?.server)
  try {
    const quota = new Quota({ store: redis.store, name: 'bench', window: minute.ttl, ...minute })
    const timers = operations.map((operation) => new Timer(operation, client, { store: redis.store, quota }))
    // The first block compiles what all later ones run, and counts for nothing.
    for (const timer of timers) await timer.run(0)
    for (const timer of timers) timer.clear()
    for (let round = 1; round <= blocks; round += 1) for (const timer of timers) await timer.run(round * block)
    return timers.map((timer) => timer.result())
  } finally {
    await close()
  }
}

class Timer {
  readonly #operation: Operation
  readonly #client: Library['client']
  readonly #limits: Limits
  #times: number[] = []
  /** In microseconds of CPU. */
  #ofClient = 0
  #ofServer = 0

  constructor(operation: Operation, client: Library['client'], limits: Limits) {
    this.#operation = operation
    this.#client = client
    this.#limits = limits
  }

  async run(from: number): Promise<void> {
    const server = await usedByRedis(this.#client)
    const before = process.cpuUsage()
    for (let n = from; n < from + block; n += 1) {
      const began = performance.now()
      await this.#operation.run(this.#client, n, this.#limits)
      this.#times.push(performance.now() - began)
    }
    const { user, system } = process.cpuUsage(before)
    this.#ofClient += user + system
    this.#ofServer += (await usedByRedis(this.#client)) - server
  }

  clear(): void {
    this.#times = []
    this.#ofClient = 0
    this.#ofServer = 0
  }

  result(): Timed {
    const { name, bar, instead } = this.#operation
    const sorted = ascending(this.#times)
    return {
      ...{ name, bar, instead },
      p50: quantile(sorted, 0.5),
      p95: quantile(sorted, 0.95),
      p99: quantile(sorted, 0.99),
      p999: quantile(sorted, 0.999),
      client: this.#ofClient / sorted.length,
      server: this.#ofServer / sorted.length,
    }
  }
}
