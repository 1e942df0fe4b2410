import { describe, expect, it } from 'vitest'
import { pathOf, toHttpError } from './errors.ts'
import { HttpError } from './http-error.ts'

const fastifyError = (fields: object): Error => Object.assign(new Error('it said'), fields)

describe('an error becomes an answer', () => {
  it('as it is, when it was thrown to be one', () => {
    const error = new HttpError(409, 'Taken.')
    expect(toHttpError(error)).toBe(error)
  })

  it('that says nothing of what went wrong inside', () => {
    for (const thrown of [
      new Error('password of ann@example.org'),
      'password',
      null,
      fastifyError({ statusCode: 502 }),
    ]) {
      const { status, envelope } = toHttpError(thrown)
      expect(status).toBe(500)
      expect(envelope.error).toEqual({
        code: 'internal',
        message: 'Something went wrong here; it has been logged.',
        details: [],
      })
    }
  })

  it('to be asked for again, when the database is away', () => {
    const { status, headers } = toHttpError(
      Object.assign(new Error('no'), { code: 'ECONNREFUSED', syscall: 'connect' }),
    )
    expect(status).toBe(503)
    expect(headers).toEqual({ 'retry-after': '1' })
  })

  it.each([
    ['FST_ERR_CTP_BODY_TOO_LARGE', 413, 'The body is larger than 1 MB.'],
    ['FST_ERR_CTP_INVALID_MEDIA_TYPE', 415, 'The body must be JSON, sent as application/json.'],
    ['FST_ERR_CTP_INVALID_JSON_BODY', 400, 'The body is not valid JSON.'],
    ['FST_ERR_BAD_URL', 400, 'The URL cannot be decoded.'],
    ['FST_ERR_OTHER', 418, 'it said.'],
  ])('of Fastify’s %s', (code, statusCode, message) => {
    const answer = toHttpError(fastifyError({ code, statusCode }))
    expect(answer.message).toBe(message)
    expect(answer.status).toBe(statusCode === 418 ? 400 : statusCode)
  })
})

describe('a request that is not valid', () => {
  const invalid = (validation: readonly object[], validationContext: string | undefined = 'body') =>
    toHttpError(fastifyError({ statusCode: 400, validation, validationContext }))

  it('is told each problem, by its path', () => {
    const { status, message, details } = invalid([
      { instancePath: '/age', message: 'must be integer', params: {} },
      { instancePath: '', params: { additionalProperty: 'admin' } },
      { instancePath: '/owner', params: { missingProperty: 'name' } },
      { instancePath: '/mail', params: {} },
    ])
    expect(status).toBe(400)
    expect(message).toBe('body/age must be integer.')
    expect(details).toEqual([
      { path: 'body/age', message: 'must be integer' },
      { path: 'body/admin', message: 'is not known' },
      { path: 'body/owner/name', message: 'is missing' },
      { path: 'body/mail', message: 'is not valid' },
    ])
  })

  it('in ten thousand ways is told twenty of them', () => {
    const problems = Array.from({ length: 10_000 }, (_, i) => ({
      instancePath: '',
      params: { additionalProperty: `f${i}` },
    }))
    const { details } = invalid(problems)
    expect(details).toHaveLength(21)
    expect(details.at(-1)).toEqual({ message: 'and 9980 more' })
  })

  it('is told of a query as such', () => {
    const [detail] = invalid([{ instancePath: '/limit', message: 'must be <= 100', params: {} }], 'querystring').details
    expect(detail?.path).toBe('query/limit')
  })
})

it('has the path without what was asked', () => {
  expect(pathOf('/api/users?token=1?2')).toBe('/api/users')
  expect(pathOf('/api/users')).toBe('/api/users')
})
