import type { FastifyInstance } from 'fastify'
import { Gauge } from 'prom-client'
import type { Database } from '../database/database.ts'
import type { Metrics } from '../metrics/metrics.ts'
import type { Performance } from './performance.ts'
import { measureTables } from './tables.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Answered when there is something to say: how long that takes measures nothing. */
    longPoll?: boolean
  }
}

/** Measures each request, under the pattern of its route. */
export function measureRequests(app: FastifyInstance, metrics: Metrics, performance: Performance): void {
  app.addHook('onResponse', (request, reply, done) => {
    if (request.routeOptions.config.longPoll) return done()
    const { elapsedTime } = reply
    // Paths that are no routes have one name together: their number has no limit.
    metrics.request(request.method, request.routeOptions.url ?? 'none', reply.statusCode, elapsedTime / 1000)
    performance.request(elapsedTime, reply.statusCode)
    done()
  })
}

export function measureDatabase({ registry }: Metrics, database: Database): void {
  new Gauge({
    name: 'db_active_connections',
    help: 'Connections to Postgres that work for someone.',
    registers: [registry],
    collect() {
      this.set(database.connections().active)
    },
  })
  new Gauge({
    name: 'db_max_connections',
    help: 'Connections to Postgres that this instance may open.',
    registers: [registry],
    collect() {
      this.set(database.connections().most)
    },
  })
  new Gauge({
    name: 'db_waiting_requests',
    help: 'Requests that wait for a connection to Postgres.',
    registers: [registry],
    collect() {
      this.set(database.connections().waiting)
    },
  })
  new Gauge({
    name: 'database_replica_lag_seconds',
    help: 'How far the replica is behind the primary; nothing without a replica.',
    registers: [registry],
    collect() {
      const lag = database.replicaLag()
      if (lag === undefined) this.reset()
      else this.set(lag)
    },
  })
  measureTables(registry, database.pool)
}

/** @returns the number of open connections, of whatever protocol */
export function countConnections(app: FastifyInstance): () => number {
  let open = 0
  app.server.on('connection', (socket) => {
    open += 1
    socket.once('close', () => {
      open -= 1
    })
  })
  return () => open
}
