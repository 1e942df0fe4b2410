import type { FastifyInstance, HTTPMethods } from 'fastify'
import { pathOf } from './errors.ts'
import { HttpError } from './http-error.ts'

const methods: readonly HTTPMethods[] = ['DELETE', 'GET', 'HEAD', 'OPTIONS', 'PATCH', 'POST', 'PUT', 'TRACE']

/**
 * Answers 405 with `Allow` where a path exists for other methods. Remembers the routes that are made after this call;
 * the function returned adds the rest, and is called when all parts are registered.
 */
export function methodNotAllowed(app: FastifyInstance): () => void {
  const known = new Map<string, Set<string>>()
  app.addHook('onRoute', ({ url, method }) => {
    const there = known.get(url) ?? new Set()
    known.set(url, there)
    for (const name of [method].flat()) there.add(name)
  })

  return () => {
    for (const [url, allowed] of [...known]) {
      const allow = [...allowed].sort().join(', ')
      app.route({
        url,
        method: methods.filter((method) => !allowed.has(method)),
        schema: { hide: true },
        // Before the body is read: its type and size do not matter here.
        onRequest: async (request) => {
          throw new HttpError(405, `${pathOf(request.url)} takes ${allow}, not ${request.method}.`, {
            headers: { allow },
          })
        },
        handler: () => undefined,
      })
    }
  }
}
