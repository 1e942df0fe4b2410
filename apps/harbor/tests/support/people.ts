import type { ErrorEnvelope } from '../../src/http/http-error.ts'
import type { Answer, Instance } from './instance.ts'

export interface SignedIn {
  readonly user: {
    readonly id: string
    readonly email: string | null
    readonly address: string | null
    readonly name: string
    readonly role: 'member' | 'admin'
    readonly created_at: string
  }
  readonly token: string
  readonly refresh_token: string
}

export const password = 'correct horse battery'

/** What people say to a harbor, from whatever address a trusted proxy says. */
export function people(harbor: Instance) {
  const headers = (from?: string, token?: string): Record<string, string> => ({
    ...(from && { 'x-forwarded-for': from }),
    ...(token && { authorization: `Bearer ${token}` }),
  })
  const post = <Body = ErrorEnvelope>(path: string, body: unknown, from?: string, token?: string) =>
    harbor.send<Body>('POST', path, {
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json', ...headers(from, token) },
    })
  const get = <Body = ErrorEnvelope>(path: string, token?: string, more: Record<string, string> = {}) =>
    harbor.send<Body>('GET', path, { headers: { ...headers(undefined, token), ...more } })

  return {
    post,
    get,
    register: (name: string, from?: string) =>
      post<SignedIn>('/api/auth/register', { email: `${name}@example.org`, password, name }, from),
    login: (name: string, secret = password, from?: string): Promise<Answer<SignedIn & ErrorEnvelope>> =>
      post('/api/auth/login', { email: `${name}@example.org`, password: secret }, from),
    me: (token: string) => get<{ user: SignedIn['user'] }>('/api/auth/me', token),
    logout: (token: string) => post<{ ok: true }>('/api/auth/logout', {}, undefined, token),
    refresh: (refreshToken: string) => post<SignedIn>('/api/auth/refresh', { refresh_token: refreshToken }),
  }
}

export type People = ReturnType<typeof people>
