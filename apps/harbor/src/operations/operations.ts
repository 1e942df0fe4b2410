import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { unavailable } from '../http/http-error.ts'
import { ErrorAnswer } from '../http/openapi.ts'
import type { Part } from '../part.ts'
import type { ReadinessCheck } from './readiness.ts'

interface Options {
  readonly checks: readonly ReadinessCheck[]
  readonly isDraining: () => boolean
}

const tags = ['operations']

/** Whether this instance is alive, and whether it should be sent requests. */
export function operations({ checks, isDraining }: Options): Part {
  const routes: FastifyPluginAsyncTypebox = async (app) => {
    app.get(
      '/health',
      { schema: { tags, response: { 200: Type.Object({ status: Type.Literal('ok') }) } } },
      async () => ({
        status: 'ok' as const,
      }),
    )

    app.get(
      '/health/ready',
      {
        schema: {
          tags,
          response: {
            200: Type.Object({ status: Type.Literal('ready'), checks: Type.Record(Type.String(), Type.Literal('ok')) }),
            503: ErrorAnswer,
          },
        },
      },
      async () => {
        if (isDraining()) throw unavailable('This instance is shutting down.')
        const results = await Promise.allSettled(checks.map(({ check }) => check()))
        const failed = checks.filter((_, index) => results[index]?.status === 'rejected').map(({ name }) => name)
        if (failed.length > 0) {
          const details = failed.map((name) => ({ path: name, message: 'is not available' }))
          throw unavailable(`Not ready: ${failed.join(', ')}.`, { details })
        }
        return { status: 'ready' as const, checks: Object.fromEntries(checks.map(({ name }) => [name, 'ok' as const])) }
      },
    )
  }
  return { name: 'operations', routes, close: async () => undefined }
}
