import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Answer, type Instance, startInstance } from './support/instance.ts'
import { people } from './support/people.ts'
import { startTestPostgres, type TestPostgres } from './support/postgres.ts'

let postgres: TestPostgres
let harbor: Instance
let token: string
let admin: string

beforeAll(async () => {
  postgres = await startTestPostgres()
  // Without the layers: they would soon send the fuzzer away, and nothing behind them would be tried.
  harbor = await startInstance(await postgres.database(), { environment: { HARBOR_SECURITY: 'log,anomaly,alerts' } })
  token = await harbor.enroll('device')
  admin = (await people(harbor).register('admin')).body.token
})

afterAll(async () => {
  await harbor?.close()
  await postgres?.stop()
})

/** Any answer is fine that says what it means in the form that it promised. */
function expectSane({ status, body }: Answer<unknown>) {
  expect(status).toBeLessThan(500)
  if (body === undefined) return // HEAD
  if (status >= 400) {
    expect(body).toEqual({
      error: { code: expect.any(String), message: expect.any(String), details: expect.any(Array) },
    })
    expect(JSON.stringify(body)).not.toMatch(/node_modules|\.ts:|\.js:|at Object/)
  } else expect([200, 201, 204]).toContain(status)
}

const anyText = fc.oneof(fc.string({ unit: 'binary' }), fc.string(), fc.constantFrom('', '\0', '\ud800', 'constructor'))
const hex = (digits: number) =>
  fc
    .string({ unit: fc.constantFrom(...'0123456789abcdefABCDEF'), minLength: digits, maxLength: digits })
    .map((text) => `0x${text}`)
const anyValue = fc.oneof(
  anyText,
  fc.jsonValue(),
  fc.constantFrom(null, true, -0, 1e308, [], {}, [[]], { __proto__: null }, 'x'.repeat(300)),
)
const lock = fc.record({ capture_id: anyText, proof_data: anyText, metadata: fc.dictionary(anyText, anyValue) })
const registration = fc.record({
  email: fc.emailAddress(),
  password: fc.string({ minLength: 8, maxLength: 20 }),
  name: anyText,
})
const credentials = fc.record(
  {
    email: fc.oneof(anyValue, fc.emailAddress()),
    password: anyValue,
    address: fc.oneof(anyValue, hex(40)),
    signature: fc.oneof(anyValue, hex(130)),
    refresh_token: anyValue,
    name: anyValue,
  },
  { requiredKeys: [] },
)
const anyBody = fc.oneof(
  fc.record(
    { device_id: anyValue, device_token: anyValue, device_name: anyValue, os_version: anyValue, more: anyValue },
    { requiredKeys: [] },
  ),
  lock,
  fc.record({ capture_id: anyValue, proof_data: anyValue, metadata: anyValue, more: anyValue }, { requiredKeys: [] }),
  registration,
  credentials,
  anyValue,
)
const path = fc.constantFrom(
  '/device/enroll',
  '/lock-proof',
  '/ledger/entries',
  '/ledger/verify',
  '/health',
  '/api/auth/register',
  '/api/auth/login',
  '/api/auth/wallet/nonce',
  '/api/auth/refresh',
  '/api/auth/me',
  '/api/users',
  '/api/admin/security/events',
  '/api/admin/performance/metrics',
  '/api/health/db',
  '/nope',
)
const at = <Body>(to: string, body: fc.Arbitrary<Body>) => fc.tuple(fc.constant(to), body)
const anyCall = fc.oneof(
  { weight: 4, arbitrary: fc.tuple(path, anyBody) },
  at('/lock-proof', lock),
  at('/api/auth/register', registration),
  at('/api/auth/register', credentials),
  at('/api/auth/login', credentials),
  at('/api/auth/login', fc.record({ email: fc.emailAddress(), password: anyText })),
  at('/api/auth/login', fc.record({ address: hex(40), signature: hex(130) })),
  at('/api/auth/wallet/nonce', fc.record({ address: hex(40) })),
  at('/api/auth/refresh', fc.record({ refresh_token: anyText })),
)

it('never fails on a body that is JSON', async () => {
  await fc.assert(
    fc.asyncProperty(anyCall, async ([to, body]) => {
      expectSane(await harbor.send('POST', to, harbor.json(body, to.startsWith('/api') ? admin : token)))
    }),
    { numRuns: 600 },
  )
})

it('never fails on a body that claims to be JSON', async () => {
  const mangled = fc.tuple(anyBody, fc.nat(), fc.string({ unit: 'binary', maxLength: 3 })).map(([body, at, insert]) => {
    const text = JSON.stringify(body) ?? ''
    const place = at % (text.length + 1)
    return text.slice(0, place) + insert + text.slice(place + 1)
  })
  await fc.assert(
    fc.asyncProperty(path, mangled, async (to, body) => {
      const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` }
      expectSane(await harbor.send('POST', to, { body, headers }))
    }),
    { numRuns: 300 },
  )
})

it('never fails on a query, a method or a token', async () => {
  const query = fc.array(
    fc.tuple(
      fc.constantFrom('after', 'limit', 'from', 'to', 'cursor', 'severity', 'user', 'x', ''),
      fc.oneof(anyText, fc.integer().map(String)),
    ),
    {
      maxLength: 4,
    },
  )
  const method = fc.constantFrom('GET', 'HEAD', 'PUT', 'PATCH', 'DELETE', 'OPTIONS')
  const bearer = fc.oneof(fc.constantFrom(token, admin), fc.string({ unit: fc.constantFrom(...'aZ09._-~+/= ') }))
  await fc.assert(
    fc.asyncProperty(path, method, query, bearer, async (to, verb, pairs, text) => {
      const encoded = new URLSearchParams(pairs.map(([name, value]): [string, string] => [name, value.toWellFormed()]))
      expectSane(await harbor.send(verb, `${to}?${encoded}`, { headers: { authorization: `Bearer ${text}` } }))
    }),
    { numRuns: 300 },
  )
})

it('has a sound ledger after all that', async () => {
  const { body } = await harbor.verify()
  expect(body).toMatchObject({ valid: true, first_broken: null })
  expect(body.checked).toBeGreaterThan(0)
})
