/** A refusal, or a network that is not there (`status` 0). */
export class ApiError extends Error {
  readonly status: number
  readonly code: string
  /** In seconds; 0 if the server did not say. */
  readonly retryAfter: number

  constructor(status: number, code: string, message: string, retryAfter = 0) {
    super(message)
    this.name = 'ApiError'
    this.status = status
    this.code = code
    this.retryAfter = retryAfter
  }

  /** Nothing was done; the same again may well succeed. */
  get isPassing(): boolean {
    return this.status === 0 || this.status === 429 || this.status === 503
  }
}

/** In milliseconds: an answer that takes longer is taken for lost. */
const patience = 20_000

let renew: () => Promise<boolean> = async () => false

/** Says how a session that has run out is made good: resolves to false when it cannot be. */
export function renewSessionsWith(renewal: () => Promise<boolean>): void {
  renew = renewal
}

/** The session's cookie signs every request. Throws an `ApiError`. */
export async function request<T>(method: string, path: string, body?: object): Promise<T> {
  const answer = await send(method, path, body)
  const isSignIn = path.startsWith('/api/auth/') && path !== '/api/auth/me'
  if (answer.status === 401 && !isSignIn && (await renew())) return read<T>(await send(method, path, body))
  return read<T>(answer)
}

export const get = <T>(path: string): Promise<T> => request<T>('GET', path)
export const post = <T>(path: string, body: object = {}): Promise<T> => request<T>('POST', path, body)

async function send(method: string, path: string, body: object | undefined): Promise<Response> {
  try {
    return await fetch(path, {
      method,
      signal: AbortSignal.timeout(patience),
      ...(body && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    })
  } catch {
    throw new ApiError(0, 'offline', 'Harbor cannot be reached. Check your connection.')
  }
}

async function read<T>(answer: Response): Promise<T> {
  const body: unknown = await answer.json().catch(() => undefined)
  if (answer.ok) return body as T
  throw toApiError(answer.status, body, Number(answer.headers.get('retry-after') ?? 0))
}

export function toApiError(status: number, body: unknown, retryAfter = 0): ApiError {
  const { error } = (body ?? {}) as { error?: { code?: string; message?: string } }
  const message = error?.message ?? `Harbor answered with ${status}.`
  return new ApiError(status, error?.code ?? 'unknown', message, retryAfter)
}
