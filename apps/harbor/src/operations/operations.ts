import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { requireAdmin } from '../accounts/principal.ts'
import type { Database } from '../database/database.ts'
import { unavailable } from '../http/http-error.ts'
import { ErrorAnswer } from '../http/openapi.ts'
import type { Metrics } from '../metrics/metrics.ts'
import type { Part } from '../part.ts'
import { openPlaceMap } from './client-errors.ts'
import { clientMetrics } from './client-metrics.ts'
import type { Performance } from './performance.ts'
import type { ReadinessCheck } from './readiness.ts'
import { Alive, DatabaseHealth, Health, PerformanceRows, Ready } from './schemas.ts'

interface Options {
  readonly checks: readonly ReadinessCheck[]
  readonly isDraining: () => boolean
  readonly database: Database
  readonly metrics: Metrics
  readonly performance: Performance
  /** The folder of the built web client. */
  readonly client: URL
}

const tags = ['operations']
const errors = { '4xx': ErrorAnswer, '5xx': ErrorAnswer }

/** Whether this instance is alive, whether it should be sent requests, and how it is doing. */
export function operations({ checks, isDraining, database, metrics, performance: minutes, client }: Options): Part {
  const fromClients = clientMetrics(metrics.registry, openPlaceMap(new URL('assets/', client)))
  const routes: FastifyPluginAsyncTypebox = async (app) => {
    await app.register(fromClients)

    app.get('/health', { schema: { tags, response: { 200: Alive } } }, async () => ({ status: 'ok' as const }))

    app.get('/health/ready', { schema: { tags, response: { 200: Ready, 503: ErrorAnswer } } }, async () => {
      if (isDraining()) throw unavailable('This instance is shutting down.')
      const results = await Promise.allSettled(checks.map(({ check }) => check()))
      const failed = checks.filter((_, index) => results[index]?.status === 'rejected').map(({ name }) => name)
      if (failed.length > 0) {
        const details = failed.map((name) => ({ path: name, message: 'is not available' }))
        throw unavailable(`Not ready: ${failed.join(', ')}.`, { details })
      }
      return { status: 'ready' as const, checks: Object.fromEntries(checks.map(({ name }) => [name, 'ok' as const])) }
    })

    app.get('/api/health', { schema: { tags, response: { 200: Health } } }, async () => ({
      status: 'ok' as const,
      uptime: Math.round(process.uptime() * 10) / 10,
      memory: Math.round(process.memoryUsage.rss() / 1024 / 1024),
    }))

    app.get('/api/health/db', { schema: { tags, response: { 200: DatabaseHealth, ...errors } } }, async () => {
      const began = performance.now()
      await database.pool.query({ name: 'health', text: 'SELECT 1' })
      const latency = Math.round((performance.now() - began) * 100) / 100
      return { status: 'ok' as const, latency, connections: database.connections() }
    })

    app.get('/metrics', { schema: { tags, hide: true } }, async (_request, reply) => {
      reply.type(metrics.registry.contentType)
      return metrics.registry.metrics()
    })

    app.get(
      '/api/admin/performance/metrics',
      {
        onRequest: requireAdmin,
        schema: { tags, security: [{ session: [] }], response: { 200: PerformanceRows, ...errors } },
      },
      async () => ({ metrics: [...minutes.rows()] }),
    )
  }
  minutes.start()
  return { name: 'operations', routes, close: async () => minutes.stop() }
}
