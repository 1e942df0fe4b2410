/** A further fact about an error: for a wrong request, where the problem is and what it is. */
export interface ErrorDetail {
  readonly path?: string
  readonly message: string
}

/** The body of every answer that is not a success. */
export interface ErrorEnvelope {
  readonly error: { readonly code: string; readonly message: string; readonly details: readonly ErrorDetail[] }
}

/** Statuses that harbor answers with, and the stable code of each. */
const codes = {
  400: 'invalid_request',
  401: 'unauthorized',
  403: 'forbidden',
  404: 'not_found',
  405: 'method_not_allowed',
  408: 'request_timeout',
  409: 'conflict',
  413: 'body_too_large',
  414: 'uri_too_long',
  415: 'unsupported_media_type',
  416: 'range_not_satisfiable',
  429: 'too_many_requests',
  431: 'headers_too_large',
  500: 'internal',
  503: 'unavailable',
} as const

export type ErrorStatus = keyof typeof codes

export const isErrorStatus = (status: number): status is ErrorStatus => Object.hasOwn(codes, status)

interface Extras {
  readonly details?: readonly ErrorDetail[]
  readonly headers?: Readonly<Record<string, string>>
  readonly cause?: unknown
}

/** An answer other than success, thrown anywhere below a route. */
export class HttpError extends Error {
  readonly status: ErrorStatus
  readonly headers: Readonly<Record<string, string>>
  readonly details: readonly ErrorDetail[]

  constructor(status: ErrorStatus, message: string, { details = [], headers = {}, cause }: Extras = {}) {
    super(message, cause === undefined ? undefined : { cause })
    this.name = 'HttpError'
    this.status = status
    this.headers = headers
    this.details = details
  }

  get envelope(): ErrorEnvelope {
    return { error: { code: codes[this.status], message: this.message, details: this.details } }
  }
}

/** 503 with `Retry-After`, in whole seconds: nothing was done, and the same request may be sent again. */
export function unavailable(message: string, { retryAfter = 1, ...extras }: Extras & { retryAfter?: number } = {}) {
  return new HttpError(503, message, { ...extras, headers: { 'retry-after': String(retryAfter), ...extras.headers } })
}
