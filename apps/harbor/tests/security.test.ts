import { createHmac } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Instance, secret, startInstance } from './support/instance.ts'
import { type People, password, people, type SignedIn } from './support/people.ts'
import { startTestPostgres, type TestPostgres, withClient } from './support/postgres.ts'

let postgres: TestPostgres
let databaseUrl: string
let harbor: Instance
let ask: People
let anna: SignedIn

beforeAll(async () => {
  postgres = await startTestPostgres()
  databaseUrl = await postgres.database()
  const environment = { HARBOR_TRUST_PROXY: '127.0.0.1', HARBOR_ORIGINS: 'https://app.example' }
  harbor = await startInstance(databaseUrl, { environment })
  ask = people(harbor)
  anna = (await ask.register('anna')).body
})

afterAll(async () => {
  await harbor?.close()
  await postgres?.stop()
})

interface Events {
  readonly events: readonly {
    readonly id: number
    readonly kind: string
    readonly severity: string
    readonly user_id: string | null
    readonly address: string | null
    readonly details: Readonly<Record<string, unknown>>
  }[]
  readonly next_cursor: string | null
  readonly has_more: boolean
}

const base64 = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')

describe('a token', () => {
  const parts = () => {
    const [header = '', claims = '', signature = ''] = anna.token.split('.')
    return { header, claims, signature, read: JSON.parse(Buffer.from(claims, 'base64url').toString()) }
  }

  it('that asks for no signature is none', async () => {
    const { claims, signature } = parts()
    for (const alg of ['none', 'None', 'NONE', 'nOnE']) {
      for (const end of ['', signature]) {
        expect((await ask.me(`${base64({ alg, typ: 'JWT' })}.${claims}.${end}`)).status, alg).toBe(401)
      }
    }
    expect((await ask.me(`.${claims}.`)).status).toBe(401)
  })

  it('with other claims, another signature or a foreign key is none', async () => {
    const { header, claims, signature, read } = parts()
    const raised = base64({ ...read, role: 'admin', sub: '00000000-0000-0000-0000-000000000000' })
    const signed = (key: string) => createHmac('sha256', key).update(`${header}.${claims}`).digest('base64url')
    const bent = `${signature.startsWith('A') ? 'B' : 'A'}${signature.slice(1)}`
    for (const token of [
      `${header}.${raised}.${signature}`,
      `${header}.${claims}.${bent}`,
      `${header}.${claims}.${signed('secret')}`,
      `${header}.${claims}.${signed('')}`,
      // Harbor's secret itself signs nothing: each purpose has a key of its own.
      `${header}.${claims}.${signed(secret)}`,
      `${header}.${claims}`,
      anna.refresh_token,
      `${anna.token}.`,
    ]) {
      expect((await ask.me(token)).status, token).toBe(401)
    }
    expect((await ask.me(anna.token)).status).toBe(200)
  })

  it('of a device signs no one in, and a refresh token no request', async () => {
    expect((await ask.me(await harbor.enroll('device'))).status).toBe(401)
    expect((await ask.refresh(anna.token)).status).toBe(401)
  })

  it('that was planted before the sign-in is not taken over by it', async () => {
    const planted = (await ask.login('anna')).body
    const answer = await harbor.send<SignedIn>('POST', '/api/auth/login', {
      body: JSON.stringify({ email: 'anna@example.org', password }),
      headers: { 'content-type': 'application/json', cookie: `harbor_session=${planted.token}` },
    })
    expect(answer.headers.get('set-cookie')).not.toContain(planted.token)
    await ask.logout(planted.token)
    expect((await ask.me(answer.body.token)).status).toBe(200)
  })
})

describe('hostile bodies', () => {
  it('make nobody an admin', async () => {
    for (const extra of [{ role: 'admin' }, { is_admin: true }, { user: { role: 'admin' } }, { number: 1 }]) {
      const body = { email: 'mallory@example.org', password, name: 'Mallory', ...extra }
      expect((await ask.post('/api/auth/register', body)).status).toBe(400)
    }
    const { body } = await ask.register('mallory')
    expect(body.user.role).toBe('member')
    expect((await ask.get('/api/admin/security/events', body.token)).status).toBe(403)
    expect((await ask.get('/api/admin/performance/metrics', body.token)).status).toBe(403)
  })

  it.each([
    '{"email":"p@q","password":"12345678","name":"p","__proto__":{"role":"admin"}}',
    '{"email":"p@q","password":"12345678","name":"p","constructor":{"prototype":{"role":"admin"}}}',
    '{"email":"p@q","password":"12345678","name":"p","\\u005f_proto__":{"polluted":true}}',
  ])('pollute no prototype: %s', async (body) => {
    const answer = await harbor.send('POST', '/api/auth/register', {
      body,
      headers: { 'content-type': 'application/json' },
    })
    expect(answer.status).toBe(400)
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
    expect(({} as Record<string, unknown>)['role']).toBeUndefined()
  })

  it('are refused when they are large or deep', async () => {
    const headers = { 'content-type': 'application/json' }
    const large = `{"email":"a@b","password":"${'x'.repeat(1024 * 1024)}","name":"x"}`
    expect((await harbor.send('POST', '/api/auth/register', { body: large, headers })).status).toBe(413)
    const deep = `{"email":${'['.repeat(100_000)}${']'.repeat(100_000)},"password":"12345678","name":"x"}`
    expect((await harbor.send('POST', '/api/auth/register', { body: deep, headers })).status).toBe(400)
    const wide = JSON.stringify(Object.fromEntries(Array.from({ length: 50_000 }, (_, index) => [`f${index}`, index])))
    const answer = await harbor.send('POST', '/api/auth/register', { body: wide, headers })
    expect(answer.status).toBe(400)
    expect(answer.body.error.details.length).toBeLessThan(30)
  })

  it.each([
    `' OR '1'='1`,
    `'; DROP TABLE users; --`,
    `anna@example.org' --`,
    `" OR ""="`,
    `$1`,
    `\\'; SELECT pg_sleep(10); --`,
  ])('are no SQL: %s', async (injection) => {
    const email = `${injection.replaceAll(/\s/g, '\u00a0')}@x`
    expect([400, 401]).toContain((await ask.login(injection, injection, '10.1.1.1')).status)
    expect([201, 400]).toContain((await ask.post('/api/auth/register', { email, password, name: injection })).status)
    const query = encodeURIComponent(injection)
    for (const path of [
      `/api/users?cursor=${query}`,
      `/api/users?limit=${query}`,
      `/api/admin/security/events?user=${query}`,
      `/api/admin/security/events?severity=${query}`,
      `/api/admin/security/events?cursor=${query}`,
    ]) {
      expect((await ask.get(path, anna.token)).status, path).toBe(400)
    }
    expect((await ask.me(anna.token)).status).toBe(200)
  })

  it('are kept as they are when they are a name', async () => {
    const name = `<script>alert(1)</script>'"; DROP TABLE users`
    const answer = await ask.post<SignedIn>('/api/auth/register', { email: 'script@example.org', password, name })
    expect(answer.body.user.name).toBe(name)
    expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8')
    expect((await ask.me(answer.body.token)).body.user.name).toBe(name)
  })
})

it('keeps no password and no token in the clear', async () => {
  const { rows } = await withClient(databaseUrl, (client) =>
    client.query<{ text: string }>(
      `SELECT u::text AS text FROM users u UNION ALL SELECT s::text FROM user_sessions s
       UNION ALL SELECT e::text FROM security_events e`,
    ),
  )
  const all = rows.map(({ text }) => text).join('\n')
  expect(all).toContain('$argon2id$v=19$m=19456,t=2,p=1$')
  for (const hidden of [password, anna.token, anna.refresh_token]) expect(all).not.toContain(hidden)
})

describe('headers', () => {
  it('are strict on every answer, errors and files of no kind included', async () => {
    for (const [path, status] of [
      ['/health', 200],
      ['/api/users', 401],
      ['/nope', 404],
      ['/api/docs', 200],
    ] as const) {
      const { headers, status: got } = await harbor.send('GET', path)
      expect(got, path).toBe(status)
      expect(headers.get('content-security-policy')).toMatch(
        /default-src 'self'.*object-src 'none'.*frame-ancestors 'none'/,
      )
      expect(headers.get('x-content-type-options')).toBe('nosniff')
      expect(headers.get('x-frame-options')).toBe('DENY')
      expect(headers.get('referrer-policy')).toBe('no-referrer')
      expect(headers.get('strict-transport-security')).toBeNull()
      expect(headers.get('server')).toBeNull()
      expect(headers.get('x-powered-by')).toBeNull()
    }
    expect((await ask.me(anna.token)).headers.get('cache-control')).toBe('no-store')
  })

  it('and the cookie are for TLS only, behind it', async () => {
    const answer = await harbor.send('POST', '/api/auth/login', {
      body: JSON.stringify({ email: 'anna@example.org', password }),
      headers: { 'content-type': 'application/json', 'x-forwarded-proto': 'https' },
    })
    expect(answer.headers.get('strict-transport-security')).toBe('max-age=31536000; includeSubDomains')
    expect(answer.headers.get('set-cookie')).toMatch(/; HttpOnly; SameSite=Strict; Secure$/)
  })

  it('let in the pages of named origins, and of no other', async () => {
    const preflight = (origin: string) =>
      harbor.send('OPTIONS', '/api/users', {
        headers: { origin, 'access-control-request-method': 'GET', 'access-control-request-headers': 'authorization' },
      })
    const named = await preflight('https://app.example')
    expect(named.status).toBe(204)
    expect(named.headers.get('access-control-allow-origin')).toBe('https://app.example')
    expect(named.headers.get('access-control-allow-credentials')).toBe('true')
    for (const origin of ['https://evil.example', 'https://app.example.evil', 'http://app.example', 'null']) {
      const answer = await preflight(origin)
      expect(answer.status).toBe(405)
      expect(answer.headers.get('access-control-allow-origin')).toBeNull()
      const got = await harbor.send('GET', '/health', { headers: { origin } })
      expect(got.headers.get('access-control-allow-origin')).toBeNull()
    }
  })
})

describe('limits', () => {
  it('count an address, or the user wherever it is, and say when to come back', async () => {
    const limited = await startInstance(await postgres.database(), {
      environment: { HARBOR_RATE_LIMIT: '20,40', HARBOR_TRUST_PROXY: '127.0.0.1' },
    })
    const there = people(limited)
    const { token } = (await there.register('anna', '10.0.0.1')).body
    const statuses = async (count: number, headers: Record<string, string>) => {
      const all: number[] = []
      for (let index = 0; index < count; index += 1)
        all.push((await limited.send('GET', '/api/users', { headers })).status)
      return all
    }
    // The sign-up was the first of the twenty.
    expect(await statuses(21, { 'x-forwarded-for': '10.0.0.1' })).toEqual([...Array(19).fill(401), 429, 429])
    expect(await statuses(1, { 'x-forwarded-for': '10.0.0.2' })).toEqual([401])
    const answer = await limited.send('GET', '/api/users', { headers: { 'x-forwarded-for': '10.0.0.1' } })
    expect(answer.body.error.code).toBe('too_many_requests')
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0)
    expect(Number(answer.headers.get('retry-after'))).toBeLessThanOrEqual(60)

    const bearer = { authorization: `Bearer ${token}` }
    expect(await statuses(30, { ...bearer, 'x-forwarded-for': '10.0.0.1' })).toEqual(Array(30).fill(200))
    expect(await statuses(11, { ...bearer, 'x-forwarded-for': '10.0.0.3' })).toEqual([...Array(10).fill(200), 429])
    expect(await statuses(1, { authorization: 'Bearer nonsense', 'x-forwarded-for': '10.0.0.1' })).toEqual([429])
    for (const path of ['/health', '/metrics', '/api/health', '/ledger/verify']) {
      const from = { headers: { 'x-forwarded-for': '10.0.0.1' } }
      expect((await fetch(limited.url + path, from)).status, path).toBe(200)
    }
    await limited.close()
  })
})

describe('GET /api/admin/security/events', () => {
  const events = async (query = '') => (await ask.get<Events>(`/api/admin/security/events${query}`, anna.token)).body

  it('lists what happened, newest first, in pages', async () => {
    await ask.login('anna', 'wrong', '10.2.2.2')
    await ask.login('anna', password, '10.2.2.3')
    const { events: all } = await events()
    expect(all[0]).toEqual({
      id: expect.any(Number),
      occurred_at: expect.stringMatching(/Z$/),
      kind: 'login_succeeded',
      severity: 'info',
      user_id: anna.user.id,
      address: '10.2.2.3',
      details: {},
    })
    expect(all[1]).toMatchObject({ kind: 'login_failed', severity: 'low', address: '10.2.2.2' })
    const pages: number[] = []
    for (let query = '?limit=2'; ; ) {
      const page = await events(query)
      pages.push(...page.events.map(({ id }) => id))
      if (page.next_cursor === null) break
      query = `?limit=2&cursor=${page.next_cursor}`
    }
    expect(pages).toEqual([...new Set(pages)].sort((a, b) => b - a))
    expect(pages.length).toBeGreaterThan(4)
  })

  it('filters by severity and user', async () => {
    const low = await events('?severity=low')
    expect(new Set(low.events.map(({ severity }) => severity))).toEqual(new Set(['low']))
    const hers = await events(`?user=${anna.user.id}&severity=info`)
    expect(hers.events.length).toBeGreaterThan(0)
    expect(new Set(hers.events.map(({ user_id }) => user_id))).toEqual(new Set([anna.user.id]))
    expect((await events('?user=00000000-0000-4000-8000-000000000000')).events).toEqual([])
  })

  it.each(['?severity=loud', '?user=1', '?cursor=0', '?cursor=-1', '?limit=0', '?limit=101', '?since=1'])(
    'refuses %s',
    async (query) => {
      expect((await ask.get(`/api/admin/security/events${query}`, anna.token)).status).toBe(400)
    },
  )

  it('is for admins', async () => {
    expect((await ask.get('/api/admin/security/events')).status).toBe(401)
  })
})

describe('anomalies', () => {
  it('are a new country, a token from two places, and a burst', async () => {
    const strict = await startInstance(await postgres.database(), {
      environment: { HARBOR_TRUST_PROXY: '127.0.0.1', HARBOR_RATE_LIMIT: '30,30' },
    })
    const there = people(strict)
    const { token } = (await there.register('anna', '10.0.0.1')).body
    const from = (address: string, country: string) =>
      there.get('/api/auth/me', token, { 'x-forwarded-for': address, 'cf-ipcountry': country })
    await from('10.0.0.1', 'DE')
    await from('10.0.0.1', 'DE')
    await from('10.0.0.2', 'DE')
    await from('10.0.0.2', 'BR')
    for (let index = 0; index < 8; index += 1) await from('10.0.0.2', 'BR')
    const here = { 'x-forwarded-for': '10.0.0.2' }
    const { body } = await there.get<Events>('/api/admin/security/events', token, here)
    expect(body.events.map(({ kind }) => kind)).toEqual(
      expect.arrayContaining(['new_country', 'token_from_two_places', 'request_burst']),
    )
    const count = (kind: string) => body.events.filter((event) => event.kind === kind).length
    expect([count('new_country'), count('token_from_two_places'), count('request_burst')]).toEqual([1, 1, 1])
    await strict.close()
  })
})

it('is told that an answer with a version differs by origin as well', async () => {
  const { headers } = await ask.get('/api/rooms', anna.token)
  expect(headers.get('vary')).toBe('Origin, Authorization, Cookie, accept-encoding')
})
