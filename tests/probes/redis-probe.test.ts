import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { RedisConnection } from '../../packages/plimsoll/src/probes/redis/connection.ts'
import { RedisProbe } from '../../packages/plimsoll/src/probes/redis/redis-probe.ts'
import { createCertificates } from '../http/certificates.ts'
import { type TemporaryRedis, temporaryRedis } from './temporary-redis.ts'

let redis: TemporaryRedis
beforeAll(async () => {
  redis = await temporaryRedis('--repl-diskless-sync-delay', '0')
})
afterAll(() => redis?.stop())

const client = (url = redis.url()) => RedisConnection.open(new URL(url))

/** A server of a few lines, for as long as the body runs. */
async function serving(talk: (socket: Socket) => void, body: (port: number) => Promise<void>): Promise<void> {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket.on('error', () => {}))
    talk(socket)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  try {
    await body(typeof address === 'object' && address !== null ? address.port : 0)
  } finally {
    for (const socket of sockets) socket.destroy()
    server.close()
  }
}

const failure = (url: string): Promise<unknown> => new RedisProbe(url).start().catch((error: unknown) => error)

describe('RedisProbe', () => {
  it('counts what clients do, and not itself', async () => {
    const probe = new RedisProbe(redis.url())
    await probe.start()
    const one = await client()
    for (let i = 0; i < 50; i++) await one.ask('SET', `key ${i}`, 'x'.repeat(1000))
    for (let i = 0; i < 100; i++) await one.ask('GET', `key ${i % 50}`)
    const values = await probe.sample()
    expect(Number(values['commands']) / Number(values['hits'])).toBeCloseTo(150 / 100)
    expect(values).toMatchObject({
      connections: 1,
      blocked: 0,
      keys: 50,
      evicted: 0,
      expired: 0,
      rejected: 0,
      replicas: 0,
      'persistence failed': 0,
    })
    expect(values['memory']).toBeGreaterThan(50_000)
    expect(values['memory rss']).toBeGreaterThan(1e6)
    one.close()
    await probe.stop()
  })

  it('gives the hit rate as what was found of what was looked up', async () => {
    const probe = new RedisProbe(redis.url())
    await probe.start()
    const one = await client()
    await one.ask('SET', 'key 0', '1')
    for (let i = 0; i < 30; i++) await one.ask('GET', 'key 0')
    for (let i = 0; i < 10; i++) {
      // Nothing is an answer that this connection does not know: one for each.
      const another = await client()
      await another.ask('GET', 'not there').catch(() => {})
      another.close()
    }
    one.close()
    expect((await probe.sample())['hit rate']).toEqual({ kind: 'share', part: 30, whole: 40 })
    await probe.stop()
  })

  it('sees evictions, its share of the limit, and who waits', async () => {
    const small = await temporaryRedis('--maxmemory', '3mb', '--maxmemory-policy', 'allkeys-lru')
    const probe = new RedisProbe(small.url())
    await probe.start()
    const [writer, waiter] = await Promise.all([client(small.url()), client(small.url())])
    for (let i = 0; i < 300; i++) await writer.ask('SET', `key ${i}`, 'x'.repeat(20_000))
    void waiter.ask('BLPOP', 'nothing', '0').catch(() => {})
    await expect.poll(async () => (await probe.sample())['blocked'], { timeout: 5000 }).toBe(1)
    const values = await probe.sample()
    expect(values['evicted']).toBeGreaterThan(100)
    expect(values['memory share']).toBeGreaterThan(0.5)
    writer.close()
    waiter.close()
    await probe.stop()
    await small.stop()
  })

  it('sees replicas, and a replica its primary', async () => {
    const replica = await temporaryRedis('--replicaof', '127.0.0.1', String(redis.port))
    const [primary, second] = [new RedisProbe(redis.url()), new RedisProbe(replica.url())]
    await Promise.all([primary.start(), second.start()])
    await expect.poll(async () => (await second.sample())['primary away'], { timeout: 20_000 }).toBe(0)
    await expect.poll(async () => (await primary.sample())['replicas'], { timeout: 5000 }).toBe(1)
    expect(Object.keys(await primary.sample())).toContain('replication lag')
    await Promise.all([primary.stop(), second.stop()])
    await replica.stop()
  })

  it('logs in, as the default user or another, whatever signs their passwords have', async () => {
    const closed = await temporaryRedis('--requirepass', 'secret:/@%')
    const admin = await client(closed.url())
    await admin.ask('AUTH', 'secret:/@%')
    await admin.ask('ACL', 'SETUSER', 'watcher', 'on', '>secret', '+info')
    await admin.ask('ACL', 'SETUSER', 'blind', 'on', '>secret', '+get')
    for (const credentials of [`:${encodeURIComponent('secret:/@%')}@`, 'watcher:secret@']) {
      const probe = new RedisProbe(closed.url(credentials))
      await probe.start()
      expect((await probe.sample())['memory']).toBeGreaterThan(0)
      await probe.stop()
    }
    expect(String(await failure(closed.url()))).toMatch(/it wants a password/)
    expect(String(await failure(closed.url('blind:secret@')))).toMatch(/may not ask for INFO/)
    expect(String(await failure(closed.url(':secret@')))).toMatch(/wrong user or password/)
    admin.close()
    await closed.stop()
  })

  it('speaks TLS, and trusts no certificate that it does not know', async () => {
    const { server: identity } = createCertificates()
    const front = createTlsServer(identity, (socket) => {
      const behind = connect(redis.port, '127.0.0.1')
      socket.on('error', () => {}).pipe(behind)
      behind.on('error', () => {}).pipe(socket)
    }).listen(0, '127.0.0.1')
    await once(front, 'listening')
    const address = front.address()
    const url = `rediss://localhost:${typeof address === 'object' ? address?.port : 0}`
    expect(String(await failure(url))).toMatch(/signed by no authority/)
    vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0')
    const probe = new RedisProbe(url)
    await probe.start()
    vi.unstubAllEnvs()
    expect((await probe.sample())['memory']).toBeGreaterThan(0)
    await probe.stop()
    front.close()
  })

  it.each([
    ['', /no URL/],
    ['redis://:secret@127.0.0.1:1', /127\.0\.0\.1:1: connection refused/],
    ['redis://:secret@nowhere.invalid', /nowhere\.invalid:6379: the host is not known/],
  ])('says why %j cannot be watched, without its password', async (url, message) => {
    const error = await failure(url)
    expect(error).toMatchObject({ code: 'PROBE_FAILED', message: expect.stringMatching(message) })
    expect(String(error)).not.toContain('secret')
  })

  it('says when there is no password to be given', async () => {
    const message = String(await failure(redis.url(':secret@')))
    expect(message).toMatch(/it takes no password/)
    expect(message).not.toContain('secret')
  })

  it('repeats no password that a server repeats', async () => {
    const echo = (socket: Socket) =>
      socket.on('data', (data) =>
        socket.write(`-ERR unknown command, with args ${data.toString('latin1').slice(20, 28)}\r\n`),
      )
    await serving(echo, async (port) => {
      expect(String(await failure(`redis://:longsecret@127.0.0.1:${port}`))).not.toContain('secret')
    })
  })

  it.each([
    ['another protocol', 'HTTP/1.1 400 Bad Request\r\n\r\n', /not Redis/],
    ['an answer without an end', `$${2 ** 31}\r\n`, /longer than/],
  ])('survives a server with %s', async (_, answer, message) => {
    await serving(
      (socket) => socket.on('data', () => socket.write(answer)),
      async (port) => {
        expect(String(await failure(`redis://127.0.0.1:${port}`))).toMatch(message)
      },
    )
  })

  it('fails its samples with a sentence when the server goes away, and can be started again', async () => {
    const doomed = await temporaryRedis()
    const probe = new RedisProbe(doomed.url())
    await probe.start()
    await probe.sample()
    await doomed.stop()
    await expect(probe.sample()).rejects.toThrow(/the connection was lost/)
    await expect(probe.start()).rejects.toThrow(/connection refused/)
    await probe.stop()
  })
})
