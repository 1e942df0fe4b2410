import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Instance, startInstance } from './support/instance.ts'
import { type People, password, people } from './support/people.ts'
import { startTestPostgres, type TestPostgres } from './support/postgres.ts'
import { startTestRedis, type TestRedis } from './support/redis.ts'

let postgres: TestPostgres
let redis: TestRedis
let harbor: Instance
let other: Instance
let ask: People
let token: string

beforeAll(async () => {
  postgres = await startTestPostgres()
  redis = await startTestRedis()
  const databaseUrl = await postgres.database()
  const environment = { REDIS_URL: redis.url, HARBOR_TRUST_PROXY: '127.0.0.1' }
  harbor = await startInstance(databaseUrl, { environment })
  other = await startInstance(databaseUrl, { environment })
  ask = people(harbor)
  token = (await ask.register('admin', '10.9.9.9')).body.token
})

afterAll(async () => {
  await harbor?.close()
  await other?.close()
  await redis?.stop()
  await postgres?.stop()
})

/** Addresses and accounts that no test before has used. */
let fresh = 0
beforeEach(() => {
  fresh += 1
})
const address = (host = 1) => `10.${fresh}.0.${host}`

async function guess(name: string, times: number, from: (index: number) => string): Promise<readonly number[]> {
  const statuses: number[] = []
  for (let index = 0; index < times; index += 1) {
    const turn = index % 2 === 0 ? ask : people(other)
    statuses.push((await turn.login(name, `guess ${index}`, from(index))).status)
  }
  return statuses
}

const kinds = async (query = '') => {
  // Each instance stores what it saw before it answers this.
  await people(other).get('/api/admin/security/events', token)
  const { body } = await ask.get<{ events: { kind: string; address: string | null }[] }>(
    `/api/admin/security/events?limit=100${query}`,
    token,
  )
  return body.events.filter(({ address: seen }) => seen?.startsWith(`10.${fresh}.`)).map(({ kind }) => kind)
}

describe('ten failed sign-ins', () => {
  it('block the account everywhere, also for the right password', async () => {
    await ask.register('account', address(99))
    expect(await guess('account', 12, address)).toEqual([...Array(10).fill(401), 429, 429])
    for (const there of [ask, people(other)]) {
      const answer = await there.login('account', password, address(200))
      expect(answer.status).toBe(429)
      expect(answer.body.error.code).toBe('too_many_requests')
      const wait = Number(answer.headers.get('retry-after'))
      expect(wait).toBeGreaterThan(800)
      expect(wait).toBeLessThanOrEqual(900)
    }
    expect((await ask.login('admin', password, address(200))).status).toBe(200)
    expect(await kinds('&severity=high')).toEqual(['account_blocked'])
  })

  it('block the address, whoever it then claims to be', async () => {
    const statuses: number[] = []
    for (let index = 0; index < 10; index += 1) {
      statuses.push((await ask.login(`somebody-${fresh}-${index}`, 'guess', address())).status)
    }
    expect(statuses).toEqual(Array(10).fill(401))
    expect((await people(other).login('admin', password, address())).status).toBe(429)
    expect((await ask.login('admin', password, address(2))).status).toBe(200)
    expect(await kinds('&severity=high')).toEqual(['address_blocked'])
  })

  it('are counted anew after a sign-in, for the account and not for the address', async () => {
    await ask.register('forgetful', address(99))
    for (let round = 0; round < 3; round += 1) {
      expect(await guess('forgetful', 9, (index) => address(round * 10 + index))).toEqual(Array(9).fill(401))
      expect((await ask.login('forgetful', password, address(50))).status).toBe(200)
    }
    const own = address(77)
    for (let round = 0; round < 9; round += 1) {
      await ask.login(`victim-${round}`, 'guess', own)
      expect((await ask.login('forgetful', password, own)).status).toBe(200)
    }
    await ask.login('victim-9', 'guess', own)
    expect((await ask.login('forgetful', password, own)).status).toBe(429)
  })

  it('are blocked when they come all at once, before the right guess has its turn', async () => {
    await ask.register('crowd', address(99))
    const guesses = Array.from({ length: 150 }, (_, index) => (index === 100 ? password : `guess ${index}`))
    const answers = await Promise.all(guesses.map((secret, index) => ask.login('crowd', secret, address(index))))
    const statuses = answers.map(({ status }) => status)
    expect(statuses).not.toContain(200)
    // One more may be at work when the tenth fails: two passwords are compared at a time.
    expect(statuses.filter((status) => status === 401).length).toBeLessThanOrEqual(11)
    expect(statuses.filter((status) => status === 401).length).toBeGreaterThanOrEqual(10)
  })
})

describe('reputation', () => {
  it('falls with each failure, down to a ban from everything on every instance but for health', async () => {
    const statuses = await guess(`nobody-${fresh}`, 40, () => address())
    expect(statuses.slice(0, 10)).toEqual(Array(10).fill(401))
    expect(statuses.at(-1)).toBe(403)
    expect(statuses.filter((status) => status === 403).length).toBeGreaterThan(10)
    expect(statuses).not.toContain(200)
    const from = { headers: { 'x-forwarded-for': address() } }
    for (const instance of [harbor, other]) {
      for (const path of ['/api/users', '/ledger/verify', '/nope']) {
        expect(await instance.send('GET', path, from)).toMatchObject({
          status: 403,
          body: { error: { code: 'forbidden' } },
        })
      }
      expect((await instance.send('GET', '/health', from)).status).toBe(200)
    }
    expect((await ask.login('admin', password, address(2))).status).toBe(200)
    expect(await kinds('&severity=critical')).toContain('address_banned')
  })

  it('of an IPv6 network is one', async () => {
    for (let index = 0; index < 10; index += 1) {
      await ask.login(`v6-${index}`, 'guess', `2001:db8:${fresh}:1::${index.toString(16)}`)
    }
    expect((await ask.login('admin', password, `2001:db8:${fresh}:1:ffff::1`)).status).toBe(429)
    expect((await ask.login('admin', password, `2001:db8:${fresh}:2::1`)).status).toBe(200)
  })
})

it('believes no address that a client invents', async () => {
  const direct = await startInstance(await postgres.database())
  const there = people(direct)
  await there.register('anna')
  for (let index = 0; index < 10; index += 1) await there.login(`x-${index}`, 'guess', `10.0.0.${index}`)
  expect((await there.login('anna', password, '10.0.0.99')).status).toBe(429)
  await direct.close()
})

it('lets everyone guess when the layers are off', async () => {
  const lax = await startInstance(await postgres.database(), { environment: { HARBOR_SECURITY: 'none' } })
  const statuses = await Promise.all(Array.from({ length: 20 }, (_, index) => people(lax).login('x', `${index}`)))
  expect(new Set(statuses.map(({ status }) => status))).toEqual(new Set([401]))
  await lax.close()
})

it('gives a client its limit over all instances together, and says so once', async () => {
  const databaseUrl = await postgres.database()
  const environment = { REDIS_URL: redis.url, HARBOR_TRUST_PROXY: '127.0.0.1', HARBOR_RATE_LIMIT: '100,1000' }
  const both = await Promise.all([1, 2].map(() => startInstance(databaseUrl, { environment })))
  const [first = harbor] = both
  const admin = (await people(first).register('admin', address(1))).body.token
  const from = { headers: { 'x-forwarded-for': address(2) } }
  const statuses: number[] = []
  for (let turn = 0; turn < 55; turn += 1) {
    for (const each of both) statuses.push((await each.send('GET', '/api/users', from)).status)
  }
  const answered = statuses.filter((status) => status === 401).length
  expect(answered).toBeLessThanOrEqual(100)
  // An instance may hold a twentieth that the other one then refuses.
  expect(answered).toBeGreaterThanOrEqual(95)
  expect(statuses.slice(-8)).toEqual(Array(8).fill(429))
  const path = '/api/admin/security/events'
  // Each instance stores what it saw before it answers this.
  await Promise.all(both.map((each) => people(each).get(path, admin)))
  const { body } = await people(first).get<{ events: { kind: string }[] }>(path, admin)
  await Promise.all(both.map((each) => each.close()))
  expect(body.events.filter(({ kind }) => kind === 'rate_limited')).toHaveLength(1)
})
