import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import fastify, { type FastifyBaseLogger, type FastifyReply, LogController } from 'fastify'
import type { Logger } from 'pino'
import type { Database } from './database/database.ts'
import { answerClientError } from './http/client-errors.ts'
import { answerErrors, toHttpError } from './http/errors.ts'
import { methodNotAllowed } from './http/method-not-allowed.ts'
import { describe } from './http/openapi.ts'
import { validateStrictly } from './http/validation.ts'
import { operations } from './operations/operations.ts'
import { proofs } from './proofs/proofs.ts'

interface Options {
  readonly database: Database
  readonly secret: string
  /** The number of the newest migration that this harbor knows. */
  readonly schemaVersion: number
  readonly log: Logger
}

const bodyLimit = 1024 * 1024

/**
 * Harbor's HTTP side: every part's routes over one database. `close()` stops listening, lets the requests under way
 * finish and the parts write what they accepted; the database stays open.
 */
export async function createApp({ database, secret, schemaVersion, log }: Options) {
  let draining = false
  const app = fastify({
    loggerInstance: log as FastifyBaseLogger,
    // One logger for all requests: a child for each costs more than routing it. Lines name the request themselves.
    childLoggerFactory: (logger) => logger,
    logController: new LogController({ disableRequestLogging: !log.isLevelEnabled('debug') }),
    bodyLimit,
    requestTimeout: 30_000,
    // Requests that come on an open connection while it drains are answered like all others.
    return503OnClosing: false,
    clientErrorHandler: answerClientError,
    frameworkErrors: (error, _request, reply: FastifyReply) => {
      const { status, envelope } = toHttpError(error)
      void reply.code(status).send(envelope)
    },
  }).withTypeProvider<TypeBoxTypeProvider>()

  validateStrictly(app)
  answerErrors(app)
  app.removeContentTypeParser('text/plain')
  app.addHook('onSend', (_request, reply, payload, done) => {
    if (draining) reply.header('connection', 'close')
    done(null, payload)
  })
  let reaping: NodeJS.Timeout | undefined
  app.addHook('preClose', async () => {
    draining = true
    // A connection whose answer had begun when closing did is idle, and still open, only after it.
    reaping = setInterval(() => app.server.closeIdleConnections(), 25)
  })
  app.addHook('onClose', async () => clearInterval(reaping))
  const addMethodNotAllowed = methodNotAllowed(app)
  await describe(app)

  const parts = [
    operations({
      isDraining: () => draining,
      checks: [
        { name: 'postgres', check: () => database.pool.query('SELECT 1') },
        { name: 'migrations', check: () => isMigrated(database, schemaVersion) },
      ],
    }),
    proofs(database, secret),
  ]
  for (const part of parts) {
    await app.register(part.routes)
    app.addHook('onClose', part.close)
  }
  addMethodNotAllowed()
  return app
}

async function isMigrated({ pool }: Database, schemaVersion: number): Promise<void> {
  const { rows } = await pool.query<{ newest: number | null }>('SELECT max(number) AS newest FROM harbor_migrations')
  if ((rows[0]?.newest ?? 0) < schemaVersion) throw new Error(`the database is older than migration ${schemaVersion}`)
}

export type App = Awaited<ReturnType<typeof createApp>>
