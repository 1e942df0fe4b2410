import { once } from 'node:events'
import { createServer as createHttpServer } from 'node:http'
import { createServer as createTcpServer, type Socket } from 'node:net'
import { networkInterfaces, tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createClient, failureOf, httpServer, listen, rawServer, response } from './harness.ts'

const hasIpv6 = Object.values(networkInterfaces()).some((list) => list?.some(({ address }) => address === '::1'))

describe('keep-alive', () => {
  it('uses one connection for what is asked one after the other', async () => {
    const ports = new Set<number | undefined>()
    const { url } = await httpServer((request, answer) => {
      ports.add(request.socket.remotePort)
      answer.end('ok')
    })
    const { get, exchanges, shared } = createClient(url)
    for (let i = 0; i < 20; i++) expect((await get('/')).text()).toBe('ok')
    expect(ports.size).toBe(1)
    expect(shared.openConnections).toBe(1)
    expect(exchanges).toHaveLength(20)
    expect(exchanges[0]?.connectEnd).toBeGreaterThan(0)
    expect(exchanges[1]?.connectEnd).toBe(0)
  })

  it('is left when switched off', async () => {
    const ports = new Set<number | undefined>()
    const { url } = await httpServer((request, answer) => {
      ports.add(request.socket.remotePort)
      answer.end(request.headers.connection)
    })
    const { get } = createClient(url, { keepAlive: false })
    for (let i = 0; i < 3; i++) expect((await get('/')).text()).toBe('close')
    expect(ports.size).toBe(3)
  })

  it('opens up to six connections side by side; what comes then waits, first in, first out', async () => {
    let open = 0
    let most = 0
    const served: string[] = []
    const held: (() => void)[] = []
    const { url, server } = await httpServer((request, answer) => {
      served.push(request.url ?? '')
      held.push(() => answer.end())
    })
    server.on('connection', (socket: Socket) => {
      most = Math.max(most, ++open)
      socket.on('close', () => open--)
    })
    const { get, exchanges, shared } = createClient(url)
    const all = Promise.all(Array.from({ length: 20 }, (_, i) => get(`/${i}`)))
    while (held.length < 6) await new Promise(setImmediate)
    expect(shared.inFlight).toBe(20)
    while (served.length < 20 || held.length > 0) {
      held.shift()?.()
      await new Promise(setImmediate)
    }
    await all
    expect(most).toBe(6)
    expect(served.slice(6)).toEqual(Array.from({ length: 14 }, (_, i) => `/${i + 6}`))
    expect(shared.inFlight).toBe(0)
    const last = exchanges.find((exchange) => exchange.url.endsWith('/19'))
    expect(last?.assignedAt).toBeGreaterThan(last?.askedAt ?? Number.POSITIVE_INFINITY)
  })

  it('goes on with those that stand when one of several idle connections ends', async () => {
    const sockets: Socket[] = []
    const asked: number[] = []
    const url = await rawServer((socket, _head, connection) => {
      sockets[connection] = socket
      asked.push(connection)
      if (asked.length > 3) socket.write(response(`${connection}`))
      else if (asked.length === 3) for (const each of sockets) each.write(response('first'))
    })
    const { get, shared } = createClient(url)
    await Promise.all([get('/'), get('/'), get('/')])
    expect(shared.openConnections).toBe(3)
    sockets[1]?.end()
    while (shared.openConnections > 2) await new Promise(setImmediate)
    const bodies = (await Promise.all([get('/'), get('/')])).map((answer) => answer.text())
    expect(bodies.sort()).toEqual(['0', '2'])
    expect(shared.openConnections).toBe(2)
  })

  it('is kept for each origin that a user goes back and forth between, and ends with the user', async () => {
    const [one, other] = [await httpServer((_, answer) => answer.end()), await httpServer((_, answer) => answer.end())]
    const { client, get, exchanges, shared } = createClient(one.url)
    for (const url of ['/', other.url, '/', other.url, '/']) await get(url)
    expect(exchanges.map(({ connectEnd }) => connectEnd > 0)).toEqual([true, true, false, false, false])
    expect(shared.openConnections).toBe(2)
    client.close()
    expect(shared.openConnections).toBe(0)
  })

  it('that the server ends while idle is noticed before the next request', async () => {
    const url = await rawServer((socket) => socket.end(response('ok')))
    const { get, shared } = createClient(url)
    await get('/')
    while (shared.openConnections > 0) await new Promise(setImmediate)
    expect((await get('/')).text()).toBe('ok')
    expect(shared.resent).toBe(0)
  })

  it('that the server ends just as a request arrives costs nothing but a second try, once', async () => {
    const url = await rawServer((socket, _head, connection, request) => {
      if (connection === 0 && request === 1) socket.destroy()
      else socket.write(response(`${connection}`))
    })
    const { get, exchanges, shared } = createClient(url)
    expect((await get('/')).text()).toBe('0')
    expect((await get('/')).text()).toBe('1')
    expect(shared.resent).toBe(1)
    expect(exchanges).toHaveLength(2)
    expect(exchanges[1]?.connectEnd).toBeGreaterThan(0)
  })

  it('that ends under a POST is a failure: it may have been done already', async () => {
    const url = await rawServer((socket, _head, _connection, request) => {
      if (request === 1) socket.destroy()
      else socket.write(response('ok'))
    })
    const { post, shared } = createClient(url)
    await post('/')
    expect(await failureOf(post('/'))).toMatch(/CONNECTION_(CLOSED|RESET)/)
    expect(shared.resent).toBe(0)
  })

  it('that always ends is not tried for ever', async () => {
    const url = await rawServer((socket, _head, connection, request) => {
      if (connection > 0 || request > 0) socket.destroy()
      else socket.write(response('ok'))
    })
    const { get, shared } = createClient(url)
    await get('/')
    expect(await failureOf(get('/'))).toMatch(/CONNECTION_(CLOSED|RESET)/)
    expect(shared.resent).toBe(1)
  })

  it('is given up when the server speaks unasked', async () => {
    let speak = () => {}
    const url = await rawServer((socket) => {
      socket.write(response('ok'))
      speak = () => socket.write(response('unasked'))
    })
    const { get, shared } = createClient(url)
    await get('/')
    speak()
    while (shared.openConnections > 0) await new Promise(setImmediate)
    expect(shared.strayData).toBe(1)
  })
})

describe('ways to a server', () => {
  it('a Unix socket', async () => {
    const path = join(tmpdir(), `plimsoll-${process.pid}-${Date.now()}.sock`)
    const server = createHttpServer((request, answer) => answer.end(request.headers.host))
    server.listen(path)
    await once(server, 'listening')
    onTestFinished(() => {
      server.closeAllConnections()
      server.close()
    })
    const { get } = createClient('http://localhost', { socketPath: path })
    expect((await get('/')).text()).toBe('localhost')
  })

  it.runIf(hasIpv6)('IPv6', async () => {
    const server = createHttpServer((request, answer) => answer.end(request.socket.remoteAddress))
    const port = await listen(server, '::1')
    const { get } = createClient(`http://[::1]:${port}`)
    expect((await get('/')).text()).toBe('::1')
  })

  it('a name with several addresses, of which the first answers', async () => {
    const { url } = await httpServer((_request, answer) => answer.end('ok'))
    const { get } = createClient(url.replace('127.0.0.1', 'localhost'))
    expect((await get('/')).text()).toBe('ok')
  })

  it('from an address of its own', async () => {
    const { url } = await httpServer((request, answer) => answer.end(request.socket.remoteAddress))
    const { get } = createClient(url, { localAddress: '127.0.0.77' })
    expect((await get('/')).text()).toBe('127.0.0.77')
  })
})

describe('what goes wrong on the way', () => {
  it('refused', async () => {
    const server = createTcpServer()
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as { port: number }
    server.close()
    await once(server, 'close')
    const { get, exchanges } = createClient(`http://127.0.0.1:${port}`)
    expect(await failureOf(get('/'))).toBe('CONNECT_REFUSED')
    expect(exchanges[0]).toMatchObject({ status: 0, connectEnd: 0, sendStart: 0, error: { code: 'CONNECT_REFUSED' } })
  })

  it('no such name', async () => {
    const { get } = createClient('http://plimsoll.invalid')
    expect(await failureOf(get('/'))).toBe('DNS_FAILED')
  })

  it('a host that the plan does not allow', async () => {
    const { get, exchanges } = createClient('http://192.0.2.1', { allowHost: (host) => host === '127.0.0.1' })
    expect(await failureOf(get('/x'))).toBe('HOST_NOT_ALLOWED')
    expect(exchanges).toMatchObject([{ url: 'http://192.0.2.1/x', error: { code: 'HOST_NOT_ALLOWED' } }])
  })

  it('an address that this machine does not have', async () => {
    const { get } = createClient('http://127.0.0.1:9', { localAddress: '192.0.2.1' })
    expect(await failureOf(get('/'))).toBe('NO_LOCAL_PORT')
  })

  it.each(['ftp://127.0.0.1/', 'http://', 'http://[::/'])('%s is no URL to ask for', async (url) => {
    const { get } = createClient('http://127.0.0.1')
    expect(await failureOf(get(url))).toBe('BAD_REQUEST')
  })
})

describe('the end', () => {
  it('abort ends what is under way, wherever it is', async () => {
    const url = await rawServer(() => {})
    const { client, get, exchanges, shared } = createClient(url, { connections: 2 })
    const all = Promise.all(Array.from({ length: 5 }, () => failureOf(get('/'))))
    while (shared.openConnections < 2) await new Promise(setImmediate)
    client.abort('the run stops')
    expect(await all).toEqual(Array(5).fill('ABORTED'))
    expect(exchanges).toHaveLength(5)
    expect(shared).toMatchObject({ openConnections: 0, inFlight: 0 })
  })

  it('leaves no socket behind', async () => {
    const { url } = await httpServer((_request, answer) => answer.end('ok'))
    const { client, get } = createClient(url)
    await Promise.all(Array.from({ length: 12 }, () => get('/')))
    client.close()
    while (process.getActiveResourcesInfo().includes('TCPSocketWrap')) await new Promise(setImmediate)
    expect(await failureOf(get('/'))).toBe('ABORTED')
  })

  it('knows how many were under way, and for how long', async () => {
    const { url } = await httpServer((_request, answer) => setTimeout(() => answer.end(), 50))
    const { get, shared, exchanges } = createClient(url)
    shared.inFlightArea()
    await Promise.all([get('/'), get('/'), get('/')])
    const area = shared.inFlightArea()
    const sum = exchanges.reduce((total, { askedAt, end }) => total + end - askedAt, 0)
    expect(area).toBeCloseTo(sum, 6)
    expect(shared.inFlightArea()).toBe(0)
  })
})
