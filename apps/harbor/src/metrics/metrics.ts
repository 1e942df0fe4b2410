import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import type { ReplicaOutcome } from '../database/replica.ts'
import type { RedisObserver } from '../redis/redis-observer.ts'
import { children } from './children.ts'

/** What harbor counts, under the names of docs/harbor.md. One for each instance; parts may register their own in `registry`. */
export interface Metrics {
  readonly registry: Registry
  /** `route` is the route's pattern, never the path that was asked for. */
  request(method: string, route: string, status: number, seconds: number): void
  /** `statement` is the name given to pg, never the SQL. */
  query(statement: string, seconds: number): void
  slowQuery(statement: string): void
  replicaRead(outcome: ReplicaOutcome): void
  readonly redis: RedisObserver
  /** Looked up once and kept by whoever counts. */
  cache(name: string): { readonly hits: Count; readonly misses: Count }
  readonly webSockets: Gauge.Internal<string>
  /** From an accepted message to its frame at one receiver's socket, in milliseconds. */
  readonly messageDelivery: Histogram.Internal<string>
  /** All statements sent to Postgres so far. */
  statements(): number
}

interface Count {
  inc(by?: number): void
}

const seconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]
const milliseconds = [1, 2.5, 5, 10, 20, 30, 50, 80, 100, 150, 250, 500, 1000, 2500, 5000]

export function createMetrics(): Metrics {
  const registry = new Registry()
  const registers = [registry]
  collectDefaultMetrics({ register: registry })
  let statements = 0

  const duration = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'From the last header of a request to the last byte of its answer.',
    labelNames: ['method', 'route', 'status_code'] as const,
    buckets: seconds,
    registers,
  })
  const requests = new Counter({
    name: 'http_requests_total',
    help: 'Requests answered.',
    labelNames: ['method', 'route', 'status_code'] as const,
    registers,
  })
  const queries = new Histogram({
    name: 'database_query_duration_seconds',
    help: 'Statements, from sending to the last row.',
    labelNames: ['statement'] as const,
    buckets: seconds,
    registers,
  })
  const slowQueries = new Counter({
    name: 'database_slow_queries_total',
    help: 'Statements that took longer than HARBOR_SLOW_QUERY_MS.',
    labelNames: ['statement'] as const,
    registers,
  })
  const replicaReads = new Counter({
    name: 'database_replica_reads_total',
    help: 'Reads for the replica: answered, or asked of the primary as it was behind, away or late.',
    labelNames: ['outcome'] as const,
    registers,
  })
  const redisCommands = new Histogram({
    name: 'redis_command_duration_seconds',
    help: 'Commands to Redis, from sending to the answer.',
    buckets: seconds,
    registers,
  })
  const redisFailures = new Counter({
    name: 'redis_errors_total',
    help: 'Commands that Redis did not answer.',
    registers,
  })
  const caches = (what: string) =>
    new Counter({ name: `cache_${what}_total`, help: `Cache ${what}.`, labelNames: ['cache'] as const, registers })
  const hits = caches('hits')
  const misses = caches('misses')
  const webSockets = new Gauge({
    name: 'websocket_active_connections',
    help: 'Open connections, plain and Socket.IO.',
    registers,
  })
  const messageDelivery = new Histogram({
    name: 'message_delivery_time_ms',
    help: 'From an accepted message to its frame at one receiver.',
    buckets: milliseconds,
    registers,
  })

  const requestChildren = children((method: string, route: string, status: number) => {
    const labels = { method, route, status_code: status }
    return { duration: duration.labels(labels), count: requests.labels(labels) }
  })
  const queryChildren = children((statement: string) => queries.labels({ statement }))

  return {
    registry,
    request(method, route, status, elapsed) {
      const { duration, count } = requestChildren(method, route, status)
      duration.observe(elapsed)
      count.inc()
    },
    query(statement, elapsed) {
      statements += 1
      queryChildren(statement).observe(elapsed)
    },
    slowQuery: (statement) => slowQueries.inc({ statement }),
    replicaRead: (outcome) => replicaReads.inc({ outcome }),
    redis: {
      command: (milliseconds) => redisCommands.observe(milliseconds / 1000),
      failure: () => redisFailures.inc(),
    },
    cache: (cache) => ({ hits: hits.labels({ cache }), misses: misses.labels({ cache }) }),
    webSockets,
    messageDelivery,
    statements: () => statements,
  }
}
