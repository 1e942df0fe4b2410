import { createLog } from '../../apps/harbor/src/log.ts'
import { type Library, openRedis } from '../../apps/harbor/src/redis/redis.ts'
import { Quota } from '../../apps/harbor/src/security/quota.ts'
import type { Options } from '../harness/options.ts'
import { ascending, quantile } from '../harness/statistics.ts'
import { wait, within } from '../harness/wait.ts'
import { Redis } from './redis.ts'
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
  const redis = await Redis.start(cores?.server)
  const observer = { command: () => undefined, failure: () => undefined }
  const opened = openRedis(redis.url, { log: createLog('silent'), observer })
  try {
    await within(10, 'connecting to Redis', isReady(opened.isReady))
    const client = opened.library?.client
    if (client === undefined) throw new Error('there is no client')
    const quota = new Quota({ store: opened.store, name: 'bench', window: minute.ttl, ...minute })
    const timers = operations.map((operation) => new Timer(operation, client, { store: opened.store, quota }))
    // The first block compiles what all later ones run, and counts for nothing.
    for (const timer of timers) await timer.run(0)
    for (const timer of timers) timer.clear()
    for (let round = 1; round <= blocks; round += 1) for (const timer of timers) await timer.run(round * block)
    return timers.map((timer) => timer.result())
  } finally {
    await opened.close()
    await redis.stop()
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
    const server = await this.#usedByServer()
    const before = process.cpuUsage()
    for (let n = from; n < from + block; n += 1) {
      const began = performance.now()
      await this.#operation.run(this.#client, n, this.#limits)
      this.#times.push(performance.now() - began)
    }
    const { user, system } = process.cpuUsage(before)
    this.#ofClient += user + system
    this.#ofServer += (await this.#usedByServer()) - server
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

  /** Redis's own count, in microseconds. */
  async #usedByServer(): Promise<number> {
    const text = await this.#client.info('cpu')
    const seconds = (name: string) => Number(new RegExp(`${name}:(\\S+)`).exec(text)?.[1])
    return (seconds('used_cpu_user') + seconds('used_cpu_sys')) * 1e6
  }
}

async function isReady(ask: () => boolean): Promise<void> {
  while (!ask()) await wait(0.01)
}
