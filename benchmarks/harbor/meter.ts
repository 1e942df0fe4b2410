import { Usage } from '../harness/usage.ts'
import type { Deployment } from './deployment.ts'

/** What a request costs; CPU in microseconds, of all threads. */
export interface Cost {
  readonly requests: number
  readonly harbor: number
  readonly postgres: number
  readonly redis: number
  /** Statements to Postgres, and questions to Redis, each of which waits for its answer. */
  readonly statements: number
  readonly questions: number
}

/** Reads what a deployment of one instance has used, between requests. */
export class Meter {
  readonly #url: string
  readonly #postgres: Usage
  readonly #redis: Usage
  #before: Counters | undefined

  constructor(url: string, { postgres, redis }: Deployment) {
    this.#url = url
    this.#postgres = new Usage(postgres.pid)
    this.#redis = new Usage(redis.pid)
  }

  async begin(): Promise<void> {
    this.#before = await counters(this.#url)
    this.#postgres.cpu()
    this.#redis.cpu()
  }

  /** Since `begin`, for each request that was answered meanwhile. */
  async end(): Promise<Cost> {
    const [postgres, redis] = [this.#postgres.cpu(), this.#redis.cpu()]
    const [before, after] = [this.#before, await counters(this.#url)]
    if (before === undefined) throw new Error('begin() was not called')
    const requests = after.requests - before.requests
    const each = (what: keyof Counters) => (after[what] - before[what]) / requests
    return {
      requests,
      harbor: each('cpu') * 1e6,
      postgres: (postgres / requests) * 1e6,
      redis: (redis / requests) * 1e6,
      statements: each('statements'),
      questions: each('questions'),
    }
  }
}

type Counters = Awaited<ReturnType<typeof counters>>

async function counters(url: string) {
  const text = await (await fetch(`${url}/metrics`)).text()
  const sum = (name: string) =>
    [...text.matchAll(new RegExp(`^${name}(?:\\{[^}]*\\})? (\\S+)$`, 'gm'))].reduce((all, [, n]) => all + Number(n), 0)
  return {
    cpu: sum('process_cpu_seconds_total'),
    requests: sum('http_requests_total'),
    statements: sum('database_query_duration_seconds_count'),
    questions: sum('redis_command_duration_seconds_count'),
  }
}
