import type { FastifyError, FastifyInstance } from 'fastify'
import { isUnavailable } from '../database/unavailable.ts'
import { discardBody } from './discard-body.ts'
import { type ErrorDetail, HttpError, isErrorStatus, unavailable } from './http-error.ts'

/** A body with ten thousand unknown fields is not answered with ten thousand lines. */
const detailLimit = 20

/** Every error of a route, of Fastify and of Postgres leaves in the one envelope; never a stack trace. */
export function answerErrors(app: FastifyInstance): void {
  app.setErrorHandler(async (error: unknown, request, reply) => {
    const answer = toHttpError(error)
    if (answer.status >= 500) {
      const level = answer.status === 503 ? 'warn' : 'error'
      request.log[level](
        { err: error, request: request.id, method: request.method, url: request.url },
        'request failed',
      )
    }
    if (answer.status === 413) await discardBody(request.raw)
    return reply.code(answer.status).headers(answer.headers).send(answer.envelope)
  })

  app.setNotFoundHandler((request) => {
    throw new HttpError(404, `There is nothing at ${request.method} ${pathOf(request.url)}.`)
  })
}

export const pathOf = (url: string): string => url.split('?', 1)[0] ?? url

export function toHttpError(error: unknown): HttpError {
  if (error instanceof HttpError) return error
  if (isUnavailable(error)) return unavailable('The database cannot be reached at the moment.', { cause: error })
  if (isFastifyError(error)) {
    if (error.validation) return invalid(error)
    const status = error.statusCode ?? 500
    if (status < 500) return new HttpError(isErrorStatus(status) ? status : 400, messageFor(error))
  }
  return new HttpError(500, 'Something went wrong here; it has been logged.', { cause: error })
}

const isFastifyError = (error: unknown): error is FastifyError => error instanceof Error && 'statusCode' in error

function messageFor(error: FastifyError): string {
  switch (error.code) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return 'The body is larger than 1 MB.'
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return 'The body must be JSON, sent as application/json.'
    case 'FST_ERR_CTP_INVALID_JSON_BODY':
      return 'The body is not valid JSON.'
    case 'FST_ERR_BAD_URL':
      return 'The URL cannot be decoded.'
    default:
      return `${error.message}.`
  }
}

function invalid(error: FastifyError): HttpError {
  const context = error.validationContext === 'querystring' ? 'query' : (error.validationContext ?? 'request')
  const problems = (error.validation ?? []).map((problem): ErrorDetail => {
    const path = `${context}${problem.instancePath}`
    const { additionalProperty, missingProperty } = problem.params as Record<string, unknown>
    if (typeof additionalProperty === 'string')
      return { path: `${path}/${additionalProperty}`, message: 'is not known' }
    if (typeof missingProperty === 'string') return { path: `${path}/${missingProperty}`, message: 'is missing' }
    return { path, message: problem.message ?? 'is not valid' }
  })
  const [first] = problems
  const message = first ? `${first.path} ${first.message}.` : 'The request is not valid.'
  const details = problems.slice(0, detailLimit)
  if (problems.length > detailLimit) details.push({ message: `and ${problems.length - detailLimit} more` })
  return new HttpError(400, message, { details })
}
