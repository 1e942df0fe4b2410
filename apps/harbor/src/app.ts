import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import fastify, { type FastifyBaseLogger, type FastifyReply, LogController } from 'fastify'
import { accounts } from './accounts/accounts.ts'
import { identify } from './accounts/identify.ts'
import { openAccounts } from './accounts/open-accounts.ts'
import { tokenOf } from './accounts/session-cookie.ts'
import { openAlerts } from './alerts/open-alerts.ts'
import { chat as chatPart } from './chat/chat.ts'
import { documents as documentsPart } from './documents/documents.ts'
import { answerClientError } from './http/client-errors.ts'
import { compressAnswers } from './http/compression.ts'
import { answerErrors, toHttpError } from './http/errors.ts'
import { acceptEmptyBodies } from './http/json-body.ts'
import { methodNotAllowed } from './http/method-not-allowed.ts'
import { describe } from './http/openapi.ts'
import { routeUpgrades } from './http/upgrades.ts'
import { validateStrictly } from './http/validation.ts'
import { countConnections, measureDatabase, measureRequests } from './operations/measure.ts'
import { operations } from './operations/operations.ts'
import { Performance } from './operations/performance.ts'
import { performanceAlerts } from './operations/performance-alerts.ts'
import { readinessChecks } from './operations/readiness.ts'
import type { Part, Services } from './part.ts'
import { proofs } from './proofs/proofs.ts'
import { sendSecurityHeaders } from './security/headers.ts'
import { openSecurity } from './security/open-security.ts'
import { security as securityPart } from './security/routes.ts'
import { sockets } from './sockets/sockets.ts'
import { web } from './web/web.ts'

interface Options extends Omit<Services, 'sessions' | 'security'> {
  /** The number of the newest migration that this harbor knows. */
  readonly schemaVersion: number
}

const bodyLimit = 1024 * 1024

/** What `web/build.mjs` wrote. */
const client = new URL('../dist/web/', import.meta.url)

/**
 * Harbor's HTTP side: every part's routes over one database. `close()` stops listening, sends away the connections that
 * stay open, lets the requests under way finish and the parts write what they accepted; the database stays open.
 */
export async function createApp({ schemaVersion, ...given }: Options) {
  const { environment, database, secret, redis, metrics, log } = given
  const owned = openAccounts(given)
  const alerts = openAlerts(environment.security, owned.users, log)
  const security = openSecurity({ ...given, alerts })
  const services: Services = { ...given, sessions: owned.sessions, security }
  let draining = false
  const app = fastify({
    loggerInstance: log as FastifyBaseLogger,
    // One logger for all requests: a child for each costs more than routing it. Lines name the request themselves.
    childLoggerFactory: (logger) => logger,
    logController: new LogController({ disableRequestLogging: !log.isLevelEnabled('debug') }),
    bodyLimit,
    trustProxy: security.isTrustedProxy,
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
  acceptEmptyBodies(app)
  const minutes = new Performance({
    activeConnections: countConnections(app),
    onMinute: environment.security.layers.has('alerts') ? performanceAlerts(alerts) : () => undefined,
  })
  redis.observe(minutes)
  measureRequests(app, metrics, minutes)
  measureDatabase(metrics, database)
  sendSecurityHeaders(app, environment.security.origins)
  identify(app, services.sessions)
  app.addHook('onRequest', (request) => security.admit(request.raw, request.principal))
  app.addHook('onSend', (_request, reply, payload, done) => {
    if (draining) reply.header('connection', 'close')
    if (reply.statusCode !== 304) return done(null, payload)
    // A body of `null` is a body, whose announced length a client may wait for.
    reply.removeHeader('content-type')
    done(null, null)
  })
  await compressAnswers(app)
  const addMethodNotAllowed = methodNotAllowed(app)
  await describe(app)

  const chat = chatPart(services)
  const documents = documentsPart(services)
  const parts: readonly Part[] = [
    operations({
      isDraining: () => draining,
      checks: readinessChecks({ database, redis, schemaVersion }),
      database,
      metrics,
      performance: minutes,
      client,
    }),
    accounts({ ...owned, security }),
    securityPart(database, security),
    proofs(database, secret),
    chat,
    documents,
    sockets(services, { ...chat.events, ...documents.events }, (connection) => chat.connected(connection)),
    web(client),
  ]
  let reaping: NodeJS.Timeout | undefined
  app.addHook('preClose', async () => {
    draining = true
    // A connection whose answer had begun when closing did is idle, and still open, only after it.
    reaping = setInterval(() => app.server.closeIdleConnections(), 25)
    await Promise.all(parts.map((part) => part.drain?.()))
  })
  app.addHook('onClose', async () => clearInterval(reaping))
  for (const part of parts) {
    await app.register(part.routes)
    app.addHook('onClose', part.close)
  }
  addMethodNotAllowed()
  const cutOffUpgraded = routeUpgrades(app.server, parts, async (request) => {
    const token = tokenOf(request.headers)
    await security.admit(request, token === undefined ? undefined : await services.sessions.authenticate(token))
  })
  app.decorate('cutOff', () => {
    app.server.closeAllConnections()
    cutOffUpgraded()
  })
  app.addHook('onClose', () => alerts.close())
  await Promise.all([owned.sessions.start(), security.start()])
  return app
}

declare module 'fastify' {
  interface FastifyInstance {
    /** Ends all connections, whatever they wait for. */
    cutOff(): void
  }
}

export type App = Awaited<ReturnType<typeof createApp>>
