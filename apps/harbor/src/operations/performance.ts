import type { RedisObserver } from '../redis/redis-observer.ts'
import { Distribution } from './distribution.ts'

/** A minute, in the shape of seed 001: times in milliseconds, memory (resident) in MB, rates and CPU in percent. */
export interface PerformanceRow {
  /** When the minute began. */
  readonly timestamp: string
  readonly requests: {
    readonly total: number
    readonly successful: number
    /** Answered with 500 or above. */
    readonly failed: number
    readonly errorRate: number
  }
  readonly latency: { readonly mean: number; readonly p50: number; readonly p95: number; readonly p99: number }
  readonly redis: { readonly operations: number; readonly latency: number; readonly errors: number }
  /** CPU is of one core. */
  readonly system: { readonly memory: number; readonly cpu: number; readonly activeConnections: number }
}

const minute = 60_000
const rowsKept = 60

interface Options {
  readonly activeConnections: () => number
  /** Called with each minute that is over. */
  readonly onMinute: (row: PerformanceRow) => void
  readonly now?: () => number
}

/** What this instance did in each minute of the last hour, and in the one under way. */
export class Performance implements RedisObserver {
  readonly #options: Options
  readonly #now: () => number
  readonly #rows: PerformanceRow[] = []
  readonly #latency = new Distribution()
  readonly #redis = new Distribution()
  #failed = 0
  #redisErrors = 0
  #began: number
  #cpu = process.cpuUsage()
  #timer: NodeJS.Timeout | undefined

  constructor(options: Options) {
    this.#options = options
    this.#now = options.now ?? Date.now
    this.#began = this.#now()
  }

  start(): void {
    this.#timer = setInterval(() => this.turn(), minute).unref()
  }

  stop(): void {
    clearInterval(this.#timer)
  }

  request(milliseconds: number, status: number): void {
    this.#latency.add(milliseconds)
    if (status >= 500) this.#failed += 1
  }

  command(milliseconds: number): void {
    this.#redis.add(milliseconds)
  }

  failure(): void {
    this.#redisErrors += 1
  }

  /** The oldest first; the last is the minute under way. */
  rows(): readonly PerformanceRow[] {
    return [...this.#rows, this.#present()]
  }

  /** Ends the present minute. */
  turn(): void {
    const row = this.#present()
    this.#rows.push(row)
    if (this.#rows.length >= rowsKept) this.#rows.shift()
    this.#latency.clear()
    this.#redis.clear()
    this.#failed = 0
    this.#redisErrors = 0
    this.#began = this.#now()
    this.#cpu = process.cpuUsage()
    this.#options.onMinute(row)
  }

  #present(): PerformanceRow {
    const total = this.#latency.count
    const { user, system } = process.cpuUsage(this.#cpu)
    const elapsed = Math.max(this.#now() - this.#began, 1)
    return {
      timestamp: new Date(this.#began).toISOString(),
      requests: {
        total,
        successful: total - this.#failed,
        failed: this.#failed,
        errorRate: total === 0 ? 0 : round((this.#failed / total) * 100),
      },
      latency: {
        mean: round(this.#latency.mean),
        p50: round(this.#latency.quantile(0.5)),
        p95: round(this.#latency.quantile(0.95)),
        p99: round(this.#latency.quantile(0.99)),
      },
      redis: { operations: this.#redis.count, latency: round(this.#redis.mean), errors: this.#redisErrors },
      system: {
        memory: Math.round(process.memoryUsage.rss() / 1024 / 1024),
        cpu: round((user + system) / 10 / elapsed),
        activeConnections: this.#options.activeConnections(),
      },
    }
  }
}

const round = (value: number): number => Math.round(value * 100) / 100
