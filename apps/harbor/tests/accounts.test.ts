import { secp256k1 } from '@noble/curves/secp256k1.js'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { addressOf, personalHash } from '../src/accounts/signer.mjs'
import { type Instance, startInstance } from './support/instance.ts'
import { type People, password, people, type SignedIn } from './support/people.ts'
import { startTestPostgres, type TestPostgres, withClient } from './support/postgres.ts'
import { startTestRedis, type TestRedis } from './support/redis.ts'

let postgres: TestPostgres
let redis: TestRedis
let databaseUrl: string
let harbor: Instance
let other: Instance
let anna: SignedIn
let ask: People

beforeAll(async () => {
  postgres = await startTestPostgres()
  redis = await startTestRedis()
  databaseUrl = await postgres.database()
  const environment = { REDIS_URL: redis.url, HARBOR_TRUST_PROXY: '127.0.0.1' }
  harbor = await startInstance(databaseUrl, { environment })
  other = await startInstance(databaseUrl, { environment })
  ask = people(harbor)
  anna = (await ask.register('anna')).body
})

afterAll(async () => {
  await harbor?.close()
  await other?.close()
  await redis?.stop()
  await postgres?.stop()
})

const envelope = (code: string) => ({
  error: { code, message: expect.stringMatching(/\S.*\.$/), details: expect.any(Array) },
})

describe('POST /api/auth/register', () => {
  it('makes the first user an admin and the others members, and signs them in', async () => {
    const { status, body, headers } = await ask.register('Bert')
    expect(status).toBe(201)
    expect(body).toEqual({
      user: {
        id: expect.stringMatching(/^[0-9a-f-]{36}$/),
        email: 'bert@example.org',
        address: null,
        name: 'Bert',
        role: 'member',
        created_at: expect.stringMatching(/Z$/),
      },
      token: expect.any(String),
      refresh_token: expect.any(String),
    })
    expect(anna.user.role).toBe('admin')
    expect(headers.get('set-cookie')).toMatch(
      /^harbor_session=[\w.-]+; Max-Age=86400; Path=\/; HttpOnly; SameSite=Strict$/,
    )
    expect((await ask.me(body.token)).body.user).toEqual(body.user)
  })

  it('refuses an email address that is taken, however it is written', async () => {
    const answer = await ask.post('/api/auth/register', { email: 'ANNA@Example.org', password, name: 'x' })
    expect(answer).toMatchObject({ status: 409, body: envelope('conflict') })
  })

  it.each([
    ['no email', { password, name: 'x' }],
    ['an email without @', { email: 'x', password, name: 'x' }],
    ['a short password', { email: 'x@y', password: 'seven77', name: 'x' }],
    ['a long password', { email: 'x@y', password: 'x'.repeat(257), name: 'x' }],
    ['an empty name', { email: 'x@y', password, name: '' }],
    ['a name with NUL', { email: 'x@y', password, name: 'a\0' }],
    ['a role', { email: 'x@y', password, name: 'x', role: 'admin' }],
    ['an id', { email: 'x@y', password, name: 'x', id: '00000000-0000-0000-0000-000000000000' }],
    ['an object for a text', { email: { $ne: null }, password, name: 'x' }],
  ])('refuses %s', async (_, body) => {
    expect(await ask.post('/api/auth/register', body)).toMatchObject({ status: 400, body: envelope('invalid_request') })
  })

  it('makes one admin of many who come first at once', async () => {
    const fresh = await startInstance(await postgres.database())
    const answers = await Promise.all(['a', 'b', 'c', 'd', 'e'].map((name) => people(fresh).register(name)))
    expect(answers.map(({ body }) => body.user.role).sort()).toEqual(['admin', 'member', 'member', 'member', 'member'])
    await fresh.close()
  })

  it('makes the owner of HARBOR_ADMIN_EMAIL the admin, and not the first', async () => {
    const environment = { HARBOR_ADMIN_EMAIL: 'Boss@example.org' }
    const fresh = await startInstance(await postgres.database(), { environment })
    expect((await people(fresh).register('first')).body.user.role).toBe('member')
    expect((await people(fresh).register('boss')).body.user.role).toBe('admin')
    await fresh.close()
  })
})

describe('POST /api/auth/login', () => {
  it('signs in with the password, in a session of its own', async () => {
    const { status, body } = await ask.login('anna')
    expect(status).toBe(200)
    expect(body.user).toEqual(anna.user)
    expect(body.token).not.toBe(anna.token)
  })

  it('says the same of a wrong password and of a user that there is not', async () => {
    const wrong = await ask.login('anna', 'wrong password', '10.0.0.1')
    const unknown = await ask.login('nobody', password, '10.0.0.1')
    expect(wrong).toMatchObject({ status: 401, body: envelope('unauthorized') })
    expect(unknown.body).toEqual(wrong.body)
  })

  it.each([
    ['nothing', {}],
    ['an email alone', { email: 'anna@example.org' }],
    ['a mixture', { email: 'anna@example.org', password, address: `0x${'0'.repeat(40)}` }],
    ['an unknown field', { email: 'anna@example.org', password, remember: true }],
  ])('refuses %s', async (_, body) => {
    expect(await ask.post('/api/auth/login', body)).toMatchObject({ status: 400, body: envelope('invalid_request') })
  })
})

describe('signing in with a wallet', () => {
  const secretKey = Buffer.alloc(32, 7)
  const address = addressOf(secp256k1.getPublicKey(secretKey, false))
  const sign = (message: string, key: Uint8Array = secretKey) => {
    const recovered = secp256k1.sign(personalHash(message), key, { prehash: false, format: 'recovered' })
    const hex = Buffer.from(recovered.subarray(1)).toString('hex')
    return `0x${hex}${((recovered[0] ?? 0) + 27).toString(16)}`
  }
  const challenge = async () =>
    (
      await ask.post<{ message: string }>('/api/auth/wallet/nonce', {
        address: address.toUpperCase().replace('X', 'x'),
      })
    ).body.message

  it('takes a signature once, on any instance, and knows its owner again', async () => {
    const signature = sign(await challenge())
    const login = () => people(other).post<SignedIn>('/api/auth/login', { address, signature })
    const first = await login()
    expect(first).toMatchObject({ status: 200, body: { user: { address, email: null, role: 'member' } } })
    expect((await login()).status).toBe(401)
    const again = await ask.post<SignedIn>('/api/auth/login', { address, signature: sign(await challenge()) })
    expect(again.body.user).toEqual(first.body.user)
  })

  it('refuses the signature of another, or of another text, and leaves the challenge good', async () => {
    const message = await challenge()
    for (const signature of [sign(message, Buffer.alloc(32, 8)), sign(`${message}.`), `0x${'00'.repeat(65)}`]) {
      const answer = await ask.post('/api/auth/login', { address, signature }, '10.0.0.2')
      expect(answer).toMatchObject({ status: 401, body: envelope('unauthorized') })
    }
    expect(await challenge()).toBe(message)
    expect((await ask.post('/api/auth/login', { address, signature: sign(message) })).status).toBe(200)
  })

  it('refuses what is no address and no signature', async () => {
    expect((await ask.post('/api/auth/wallet/nonce', { address: '0x12' })).status).toBe(400)
    expect((await ask.post('/api/auth/login', { address, signature: '0x12' })).status).toBe(400)
  })
})

describe('sessions', () => {
  it('hold on every instance, by token or by cookie', async () => {
    expect((await people(other).me(anna.token)).body.user).toEqual(anna.user)
    const cookie = `theme=dark; harbor_session=${anna.token}`
    expect((await people(other).get('/api/auth/me', undefined, { cookie })).status).toBe(200)
  })

  it('end on every instance at once', async () => {
    const { body } = await ask.login('anna')
    expect((await people(other).me(body.token)).status).toBe(200)
    const answer = await harbor.send('POST', '/api/auth/logout', {
      headers: { authorization: `Bearer ${body.token}`, 'content-type': 'application/json' },
    })
    expect(answer).toMatchObject({ status: 200, body: { ok: true } })
    expect(answer.headers.get('set-cookie')).toMatch(/^harbor_session=; Max-Age=0; Path=\/; HttpOnly; SameSite=Strict$/)
    expect((await ask.me(body.token)).status).toBe(401)
    expect((await people(other).me(body.token)).status).toBe(401)
    expect((await ask.refresh(body.refresh_token)).status).toBe(401)
    expect((await ask.logout(body.token)).status).toBe(401)
  })

  it('that ended are known to an instance that starts later', async () => {
    const { body } = await ask.login('anna')
    await ask.logout(body.token)
    const late = await startInstance(databaseUrl)
    expect((await people(late).me(body.token)).status).toBe(401)
    expect((await people(late).me(anna.token)).status).toBe(200)
    await late.close()
  })

  it('go on with a new refresh token each time, and end when an old one comes again', async () => {
    const { body: first } = await ask.login('anna')
    const { status, body: second } = await people(other).refresh(first.refresh_token)
    expect(status).toBe(200)
    expect(second.user).toEqual(anna.user)
    const { body: third } = await ask.refresh(second.refresh_token)
    expect((await ask.me(third.token)).status).toBe(200)

    expect((await ask.refresh(first.refresh_token)).status).toBe(401)
    for (const token of [first.token, second.token, third.token]) expect((await ask.me(token)).status).toBe(401)
    expect((await ask.refresh(third.refresh_token)).status).toBe(401)
    const events = await ask.get<{ events: { kind: string }[] }>(
      '/api/admin/security/events?severity=critical',
      anna.token,
    )
    expect(events.body.events[0]).toMatchObject({ kind: 'refresh_token_reused' })
  })

  it('give two that come at once, or again after a lost answer, the same refresh token', async () => {
    const { body } = await ask.login('anna')
    const answers = await Promise.all([ask.refresh(body.refresh_token), people(other).refresh(body.refresh_token)])
    answers.push(await people(other).refresh(body.refresh_token))
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200])
    const [token, ...same] = answers.map((answer) => answer.body.refresh_token)
    expect(new Set(same)).toEqual(new Set([token]))
    // And they go on with it, as one.
    expect((await ask.refresh(token ?? '')).status).toBe(200)
  })

  it('take a used refresh token for stolen when the moment of lost answers is over', async () => {
    const { body } = await ask.login('anna')
    const { body: next } = await ask.refresh(body.refresh_token)
    await withClient(databaseUrl, (client) =>
      client.query("UPDATE user_sessions SET rotated_at = rotated_at - interval '11 seconds'"),
    )
    expect((await ask.refresh(body.refresh_token)).status).toBe(401)
    expect((await ask.refresh(next.refresh_token)).status).toBe(401)
    expect((await people(other).me(next.token)).status).toBe(401)
  })

  it.each(['', 'r1.x.0.y', 'x'.repeat(2000)])('refuse the refresh token %#', async (token) => {
    expect([400, 401]).toContain((await ask.refresh(token)).status)
  })
})

describe('GET /api/users', () => {
  interface Page {
    users: { id: string; name: string }[]
    next_cursor: string | null
    has_more: boolean
  }
  const page = (query: string, headers = {}) => ask.get<Page>(`/api/users${query}`, anna.token, headers)

  it('gives all users in pages, and no email address', async () => {
    await Promise.all(Array.from({ length: 6 }, (_, index) => ask.register(`many-${index}`)))
    const seen: string[] = []
    for (let query = '?limit=3'; ; ) {
      const { status, body } = await page(query)
      expect(status).toBe(200)
      seen.push(...body.users.map(({ id }) => id))
      expect(body.has_more).toBe(body.next_cursor !== null)
      if (body.next_cursor === null) break
      query = `?limit=3&cursor=${body.next_cursor}`
    }
    const { rows } = await withClient(databaseUrl, (client) => client.query('SELECT id FROM users ORDER BY number'))
    expect(seen).toEqual(rows.map(({ id }) => id))
    expect(JSON.stringify((await page('')).body)).not.toContain('@')
  })

  it('has an ETag that holds until there are more users', async () => {
    const { headers } = await page('')
    const etag = headers.get('etag') ?? ''
    expect(etag).toMatch(/^W\/".+"$/)
    const unchanged = await page('', { 'if-none-match': etag })
    expect(unchanged).toMatchObject({ status: 304, body: undefined })
    expect(unchanged.headers.get('content-length')).toBeNull()
    await ask.register('newest')
    expect((await page('', { 'if-none-match': etag })).status).toBe(200)
  })

  it.each(['?limit=0', '?limit=101', '?limit=x', '?cursor=x', '?cursor=', '?cursor=dTE%3D', '?page=1'])(
    'refuses %s',
    async (query) => {
      expect(await page(query)).toMatchObject({ status: 400, body: envelope('invalid_request') })
    },
  )

  it('wants a sign-in', async () => {
    const answer = await ask.get('/api/users')
    expect(answer).toMatchObject({ status: 401, body: envelope('unauthorized') })
    expect(answer.headers.get('www-authenticate')).toBe('Bearer')
  })
})

it('asks Postgres a fixed number of times, however much there is to answer', async () => {
  const alone = await startInstance(await postgres.database())
  const there = people(alone)
  const counted = async (work: () => Promise<unknown>) => {
    const before = alone.metrics.statements()
    await work()
    return alone.metrics.statements() - before
  }
  expect(await counted(() => there.register('anna'))).toBe(1)
  const { token, refresh_token } = (await there.login('anna')).body
  for (let index = 0; index < 5; index += 1) await there.register(`user-${index}`)
  // What was recorded meanwhile is stored now, and not while it is counted.
  await there.get('/api/admin/security/events', token)
  expect(await counted(() => there.login('anna'))).toBe(2)
  await there.get('/api/admin/security/events', token)
  expect(await counted(() => there.me(token))).toBe(1)
  expect(await counted(() => there.get('/api/users?limit=1', token))).toBe(2)
  expect(await counted(() => there.get('/api/users?limit=100', token))).toBe(2)
  expect(await counted(() => there.refresh(refresh_token))).toBe(1)
  expect(await counted(() => there.get('/api/admin/security/events', token))).toBe(1)
  await alone.close()
})
