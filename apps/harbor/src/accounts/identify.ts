import type { FastifyInstance } from 'fastify'
import type { Sessions } from './principal.ts'
import { tokenOf } from './session-cookie.ts'

/** Finds out who sends each request, before any other hook asks. */
export function identify(app: FastifyInstance, sessions: Sessions): void {
  app.decorateRequest('principal', undefined)
  app.addHook('onRequest', async (request) => {
    const token = tokenOf(request.headers)
    if (token !== undefined) request.principal = await sessions.authenticate(token)
  })
}
