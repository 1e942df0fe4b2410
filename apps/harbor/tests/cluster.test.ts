import { execFile } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { access, readFile } from 'node:fs/promises'
import { connect as connectHttp2 } from 'node:http2'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { setTimeout as delay } from 'node:timers/promises'
import { connect as connectTls } from 'node:tls'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { WebSocket } from 'ws'
import { runCluster, startCluster } from './support/cluster.ts'
import { client } from './support/instance.ts'
import { Member } from './support/member.ts'
import { password, type SignedIn } from './support/people.ts'
import { temporaryFolder } from './support/postgres.ts'
import { type Dial, dialPlain, dialSocketIo, inbox } from './support/talk.ts'

const names = ['harbor-1', 'harbor-2', 'harbor-3'] as const

let folder: Awaited<ReturnType<typeof temporaryFolder>>
beforeAll(async () => {
  await promisify(execFile)(process.execPath, [fileURLToPath(new URL('../build.mjs', import.meta.url))])
  folder = await temporaryFolder()
})
afterAll(() => folder[Symbol.asyncDispose]())

const isRunning = async (pid: number) => {
  const status = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
  return status !== '' && !/\) [ZX] /.test(status)
}

describe('three instances behind nginx', () => {
  let cluster: Awaited<ReturnType<typeof startCluster>>
  let harbor: ReturnType<typeof client>
  let token: string
  let room: string
  beforeAll(async () => {
    cluster = await startCluster(folder.folder)
    harbor = client(cluster.url)
    const person = { email: 'ada@example.org', password, name: 'Ada' }
    token = (await harbor.send<SignedIn>('POST', '/api/auth/register', harbor.json(person))).body.token
    const made = await harbor.send<{ room: { id: string } }>(
      'POST',
      '/api/rooms',
      harbor.json({ name: 'Quay', kind: 'room' }, token),
    )
    room = made.body.room.id
  })
  afterAll(async () => {
    cluster.signal('SIGKILL')
    await cluster.ended
  })

  const say = (content: string, name = randomUUID()) =>
    harbor.send<{ message: { seq: number } }>(
      'POST',
      '/api/messages',
      harbor.json({ room_id: room, content, client_id: name }, token),
    )

  it('spreads WebSockets over all instances, and brings a message to each', async () => {
    const talkers = await Promise.all(names.map(() => dialPlain(cluster.url, token)))
    const inboxes = talkers.map((talker) => inbox(talker))
    const open = await Promise.all(
      names.map(async (name) => {
        const metrics = await (await fetch(`${cluster.starts(name)[0]?.url}/metrics`)).text()
        return Number(/^websocket_active_connections (\d+)/m.exec(metrics)?.[1])
      }),
    )
    expect(open).toEqual([1, 1, 1])
    await Promise.all(talkers.map((talker) => talker.ask('room:join', { room_id: room })))
    const sent = await talkers[0]?.ask('message:send', { room_id: room, content: 'all hands' })
    expect(sent).toMatchObject({ ok: true })
    for (const each of inboxes) {
      expect((await each.count(1)).map(({ content }) => content)).toEqual(['all hands'])
    }
    for (const talker of talkers) talker.close()
  })

  it('keeps clients that poll at the instance where they began', async () => {
    const talkers = await Promise.all(
      Array.from({ length: 6 }, () => dialSocketIo(cluster.url, token, { polling: true })),
    )
    const inboxes = talkers.map((talker) => inbox(talker))
    await Promise.all(talkers.map((talker) => talker.ask('room:join', { room_id: room })))
    for (let sent = 0; sent < 5; sent += 1) await say(`by post ${sent}`)
    for (const each of inboxes) expect(await each.count(5)).toHaveLength(5)
    for (const talker of talkers) talker.close()
  })

  it('speaks HTTP/2 over TLS, where plain HTTP stays HTTP/1.1', async () => {
    const ca = await readFile(join(folder.folder, '.harbor', 'tls.crt'))
    await say('over either')
    const session = connectHttp2(cluster.secureUrl, { ca })
    const get = async (path: string) => {
      const stream = session.request({ ':path': path, authorization: `Bearer ${token}` })
      const [[headers], body] = await Promise.all([once(stream, 'response'), text(stream)])
      return { headers, body: JSON.parse(body) }
    }
    const [health, page] = await Promise.all([get('/health'), get(`/api/messages?room=${room}&limit=1`)])
    expect(session.alpnProtocol).toBe('h2')
    expect([health.headers[':status'], health.body]).toEqual([200, { status: 'ok' }])
    expect(page.headers).toMatchObject({ ':status': 200, 'strict-transport-security': expect.any(String) })
    expect(page.body.messages).toMatchObject([{ content: 'over either' }])
    session.close()

    const plain = await fetch(`${cluster.url}/health`)
    expect([plain.status, plain.headers.has('strict-transport-security')]).toEqual([200, false])
  })

  it.each([[['http/1.1']], [undefined]])('speaks HTTP/1.1 over TLS with who offers %j', async (ALPNProtocols) => {
    const ca = await readFile(join(folder.folder, '.harbor', 'tls.crt'))
    const { hostname, port } = new URL(cluster.secureUrl)
    const socket = connectTls({ host: hostname, port: Number(port), ca, ...(ALPNProtocols && { ALPNProtocols }) })
    socket.write('GET /health HTTP/1.1\r\nHost: harbor\r\nConnection: close\r\n\r\n')
    expect(await text(socket)).toMatch(/^HTTP\/1\.1 200 /)
  })

  it('takes WebSockets over TLS', async () => {
    const ca = await readFile(join(folder.folder, '.harbor', 'tls.crt'))
    const socket = new WebSocket(`${cluster.secureUrl.replace('http', 'ws')}/ws?token=${token}`, { ca })
    await once(socket, 'open')
    socket.send(JSON.stringify({ type: 'room:join', id: 1, room_id: room }))
    const [answer] = await once(socket, 'message')
    expect(JSON.parse(String(answer))).toMatchObject({ type: 'ack', id: 1, ok: true })
    socket.close()
  })

  it('counts each client by the address that nginx saw, whatever it says of itself', async () => {
    const bad = harbor.json({ email: 'nobody@example.org', password: 'wrong password' })
    const statuses: number[] = []
    for (let guess = 0; guess < 12; guess += 1) {
      const headers = { ...(bad.headers as Record<string, string>), 'x-forwarded-for': `203.0.113.${guess}` }
      statuses.push((await harbor.send('POST', '/api/auth/login', { ...bad, headers })).status)
    }
    expect(statuses.slice(0, 9)).toEqual(Array(9).fill(401))
    expect(statuses.at(-1)).toBe(429)
  })

  it('serves on while an instance is killed, and starts it again', async () => {
    const [first] = cluster.starts('harbor-2')
    /** As clients do: what was not answered is sent again, under the same name. */
    const sayUntilStored = async (content: string) => {
      for (const name = randomUUID(); ; ) {
        const { status, headers, body } = await say(content, name)
        if (status === 201) return body.message.seq
        expect([status, headers.get('retry-after'), body]).toMatchObject([503, '1', { error: { code: 'unavailable' } }])
      }
    }
    const before = await sayUntilStored('before')
    const saying = Array.from({ length: 30 }, (_, index) => sayUntilStored(`on deck ${index}`))
    const asking = Array.from({ length: 30 }, () => harbor.send('GET', '/api/health'))
    process.kill(first?.pid ?? 0, 'SIGKILL')
    expect((await Promise.all(asking)).map(({ status }) => status)).toEqual(Array(30).fill(200))
    const seqs = (await Promise.all(saying)).toSorted((a, b) => a - b)
    expect(seqs).toEqual(Array.from({ length: 30 }, (_, index) => before + 1 + index))
    await cluster.waitFor(() => cluster.starts('harbor-2').length === 2)
    const [, second] = cluster.starts('harbor-2')
    expect(second?.url).toBe(first?.url)
    expect((await fetch(`${second?.url}/health/ready`)).status).toBe(200)
  })

  it('restarts all of them in turn without failing a request', async () => {
    const before = names.map((name) => cluster.starts(name).at(-1)?.pid)
    const device = await harbor.enroll('device')
    const { ended } = await runCluster(folder.folder, ['--rolling'])
    let done = false
    void cluster.says(/rolling restart (done|ends)/).then(() => {
      done = true
    })
    const statuses = new Map<string, number>()
    const count = async (what: string, request: Promise<{ status: number }>) => {
      const outcome = await request.then(({ status }) => status, String)
      statuses.set(`${what} ${outcome}`, (statuses.get(`${what} ${outcome}`) ?? 0) + 1)
    }
    const under: Promise<void>[] = []
    for (let at = 0; !done; at += 1) {
      under.push(
        count('health', harbor.send('GET', '/health')),
        count(
          'page',
          harbor.send('GET', `/api/messages?room=${room}`, { headers: { authorization: `Bearer ${token}` } }),
        ),
        count('lock', harbor.lock(device, `capture ${at}`)),
        count('message', say(`under way ${at}`)),
      )
      await delay(100)
    }
    await Promise.all(under)
    expect(await ended).toMatchObject({ code: 0 })
    expect([...statuses.keys()].sort()).toEqual(['health 200', 'lock 200', 'message 201', 'page 200'])
    const after = names.map((name) => cluster.starts(name).at(-1)?.pid)
    expect(after.every((pid, index) => pid !== before[index])).toBe(true)
    expect(cluster.lines.some((line) => line.includes('rolling restart done'))).toBe(true)
  })

  it('restarts all of them in turn without losing or doubling a message', async () => {
    const dials: readonly Dial[] = [
      dialPlain,
      dialSocketIo,
      (url, token, options) => dialSocketIo(url, token, { ...options, polling: true }),
    ]
    const members = dials.map((dial) => new Member(room, token, dial, () => [cluster.url]))
    const lives = members.map((member) => member.live())
    const first = await say('first')
    await vi.waitFor(
      () => expect(members.map(({ last }) => last)).toEqual(Array(3).fill(first.body.message.seq)),
      10_000,
    )
    const done = () => cluster.lines.filter((line) => line.includes('rolling restart done')).length
    const before = done()
    cluster.signal('SIGUSR2')
    let said = 0
    for (; done() === before; said += 3) {
      for (const [index, member] of members.entries()) member.say(`rolling ${said + index}`)
      await delay(50)
    }
    const last = first.body.message.seq + said
    await vi.waitFor(() => expect(members.map((member) => member.last)).toEqual(Array(3).fill(last)), 20_000)
    expect(members.flatMap(({ wrong }) => wrong)).toEqual([])
    expect(members.reduce((sum, { acknowledged }) => sum + acknowledged.size, 0)).toBe(said)
    for (const member of members) member.stop()
    await Promise.all(lives)
  })

  it('refuses a second cluster on the same folder', async () => {
    const { ended } = await runCluster(folder.folder, ['--port', String(cluster.port + 1)])
    expect(await ended).toMatchObject({ code: 1, text: expect.stringMatching(/A cluster runs on .* already/) })
  })

  it('stops all of it when asked to', async () => {
    const pids = names.map((name) => cluster.starts(name).at(-1)?.pid ?? 0)
    const told = new WebSocket(`${cluster.url.replace('http', 'ws')}/ws?token=${token}`)
    await once(told, 'open')
    cluster.signal('SIGINT')
    const [code] = await once(told, 'close')
    // "Service restart": come back.
    expect(code).toBe(1012)
    expect(await cluster.ended).toMatchObject({ code: 0 })
    expect(await Promise.all(pids.map(isRunning))).toEqual([false, false, false])
    await expect(fetch(cluster.url)).rejects.toThrow()
    await expect(access(join(folder.folder, '.harbor', 'cluster.pid'))).rejects.toThrow('ENOENT')
  })
})

describe('what a cluster says when it cannot start', () => {
  it.each([
    [['--instances', '0'], {}, 2, '--instances must be a whole number from 1 to 16, but is "0".'],
    [['--tls-port', '0'], {}, 2, '--tls-port must be a whole number from 1 to 65535, but is "0".'],
    [
      [],
      { HARBOR_TLS_CERT: 'a', HARBOR_TLS_KEY: 'b' },
      1,
      'HARBOR_TLS_CERT is set, but nginx listens nowhere with TLS.',
    ],
    [['--tls-port', '8443'], { HARBOR_TLS_CERT: 'a' }, 2, 'HARBOR_TLS_KEY must be set both, or neither.'],
    [['--tls-port', '8443'], { OPENSSL: '/nowhere/openssl' }, 1, 'openssl is missing: OPENSSL is /nowhere/openssl'],
    [['--port', '99999'], {}, 2, '--port must be a whole number from 1 to 65535, but is "99999".'],
    [[], { NGINX: '/nowhere/nginx' }, 1, 'nginx is missing: NGINX is /nowhere/nginx, where there is no program.'],
    [[], { REDIS_SERVER: '/nowhere/redis' }, 1, 'redis-server is missing: REDIS_SERVER is /nowhere/redis'],
    [['--rolling'], {}, 1, 'No cluster runs on'],
    [[], { DATABASE_URL: 'mysql://db' }, 1, 'DATABASE_URL must look like'],
  ] as const)('%j %j', async (args, env, code, sentence) => {
    const { ended } = await runCluster(folder.folder, args, env as unknown as Record<string, string>)
    expect(await ended).toMatchObject({ code, text: expect.stringContaining(sentence) })
  })
})
