import type { FastifyRequest } from 'fastify'
import { HttpError } from '../http/http-error.ts'
import type { EnrollmentTokens } from './enrollment-token.ts'

/**
 * The device that sends the request, by its enrollment token.
 * @throws {HttpError} 401 without a token, and with one that harbor did not issue
 */
export function bearer(request: FastifyRequest, tokens: EnrollmentTokens): string {
  const [, token] = /^Bearer ([\w.~+/=-]+)$/i.exec(request.headers.authorization ?? '') ?? []
  if (token === undefined) {
    throw unauthorized('This needs the enrollment token: Authorization: Bearer <enrollment_token>.')
  }
  const deviceId = tokens.verify(token)
  if (deviceId === undefined) throw unauthorized('The enrollment token is not valid; enroll the device again.')
  return deviceId
}

const unauthorized = (message: string) => new HttpError(401, message, { headers: { 'www-authenticate': 'Bearer' } })
