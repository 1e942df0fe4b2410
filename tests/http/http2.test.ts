import {
  createSecureServer,
  createServer,
  type Http2Server,
  type IncomingHttpHeaders,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from 'node:http2'
import { createServer as createHttpsServer } from 'node:https'
import { buffer } from 'node:stream/consumers'
import { gzipSync } from 'node:zlib'
import { beforeAll, describe, expect, it } from 'vitest'
import { millis } from '../../packages/plimsoll/src/base/units.ts'
import { type Certificates, createCertificates } from './certificates.ts'
import { createClient, failureOf, listen, rawServer, timeouts } from './harness.ts'

let certificates: Certificates
beforeAll(() => {
  certificates = createCertificates()
})

type Answerer = (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) => void

async function server(answer: Answerer): Promise<{ url: string; sessions: ServerHttp2Session[]; server: Http2Server }> {
  const server = createServer()
  const sessions: ServerHttp2Session[] = []
  server.on('session', (session) => {
    sessions.push(session)
    session.on('error', () => {})
  })
  server.on('stream', (stream, headers) => {
    stream.on('error', () => {})
    answer(stream, headers)
  })
  return { url: `http://127.0.0.1:${await listen(server)}`, sessions, server }
}

const echo: Answerer = async (stream, headers) => {
  const body = (await buffer(stream)).toString()
  stream.respond({ ':status': 200, 'set-cookie': ['a=1', 'b=2'], 'x-test': 'yes' })
  stream.end(JSON.stringify({ headers, body }))
}

describe('HTTP/2 without TLS, by prior knowledge', () => {
  it('carries all exchanges of a user on one connection', async () => {
    const { url, sessions } = await server(echo)
    const { get, exchanges, shared } = createClient(url, { version: 2 })
    await Promise.all(Array.from({ length: 30 }, (_, i) => get(`/${i}`)))
    await get('/after')
    expect(sessions).toHaveLength(1)
    expect(shared).toMatchObject({ openConnections: 1, inFlight: 0 })
    expect(exchanges).toHaveLength(31)
    expect(exchanges.filter(({ connectEnd }) => connectEnd > 0)).toHaveLength(1)
    for (const x of exchanges) {
      const instants = [x.askedAt, x.assignedAt, x.sendStart, x.sendEnd, x.firstByte, x.end]
      expect(instants).toEqual([...instants].sort((a, b) => a - b))
    }
  })

  it('sends headers, cookies and bodies of every kind', async () => {
    const { url } = await server(echo)
    const { post, get } = createClient(url, { version: 2, headers: { 'X-Common': 'c' } })
    const first = await post('/p?q=1', { json: { a: 'ä' }, headers: { 'X-One': '1' } })
    expect(first.headers.getAll('set-cookie')).toEqual(['a=1', 'b=2'])
    const { headers, body } = first.json<{ headers: Record<string, string>; body: string }>()
    expect(body).toBe('{"a":"ä"}')
    expect(headers).toMatchObject({
      ':method': 'POST',
      ':path': '/p?q=1',
      ':authority': url.slice('http://'.length),
      'content-type': 'application/json',
      'content-length': '10',
      'x-common': 'c',
      'x-one': '1',
    })
    async function* pieces() {
      yield Buffer.from('one ')
      yield Buffer.from('two')
    }
    const second = (await post('/', { body: pieces() })).json<{ headers: Record<string, string>; body: string }>()
    expect(second.body).toBe('one two')
    expect(second.headers['cookie']).toBe('a=1; b=2')
    expect((await get('/')).status).toBe(200)
  })

  it('decodes, streams, discards, and stops at the limit', async () => {
    const text = 'Plimsoll '.repeat(10_000)
    const { url } = await server((stream) => {
      stream.respond({ ':status': 200, 'content-encoding': 'gzip' })
      stream.end(gzipSync(text))
    })
    const { get } = createClient(url, { version: 2 })
    expect((await get('/')).text()).toBe(text)
    let received = ''
    await get('/', { receive: (piece) => void (received += Buffer.from(piece).toString()) })
    expect(received).toBe(text)
    const discarded = await get('/', { receive: 'discard' })
    expect([discarded.body.length, discarded.bodyLength]).toEqual([0, gzipSync(text).length])
    expect(await failureOf(createClient(url, { version: 2, maxBody: 10 }).get('/'))).toBe('BODY_TOO_LARGE')
  })

  it('follows redirects', async () => {
    const { url } = await server((stream, headers) => {
      if (headers[':path'] === '/from') stream.respond({ ':status': 302, location: '/to' }, { endStream: true })
      else stream.respond({ ':status': 204 }, { endStream: true })
    })
    const { get, exchanges } = createClient(url, { version: 2 })
    expect((await get('/from')).status).toBe(204)
    expect(exchanges).toHaveLength(2)
  })

  it('waits for 100 Continue, and skips early hints', async () => {
    const { url, server: http2Server } = await server(echo)
    http2Server.on('checkContinue', () => {})
    const { post } = createClient(url, { version: 2 })
    const answer = await post('/', { body: 'the body', headers: { expect: '100-continue' } })
    expect(answer.json<{ body: string }>().body).toBe('the body')
    const hinting = await server((stream) => {
      stream.additionalHeaders({ ':status': 103, link: '</a.css>' })
      stream.respond({ ':status': 200 })
      stream.end('ok')
    })
    expect((await createClient(hinting.url, { version: 2 }).get('/')).text()).toBe('ok')
  })

  it('times out by phase, one exchange and not its neighbours', async () => {
    const { url } = await server((stream, headers) => {
      if (headers[':path'] === '/fast') echo(stream, headers)
      if (headers[':path'] === '/half') stream.respond({ ':status': 200 })
    })
    const { get, shared } = createClient(url, { version: 2, timeout: timeouts({ firstByte: 80 }) })
    const [silent, half, fast] = await Promise.all([
      failureOf(get('/silent')),
      failureOf(get('/half', undefined, millis(150))),
      get('/fast'),
    ])
    expect([silent, half, fast.status]).toEqual(['TIMEOUT_FIRST_BYTE', 'TIMEOUT_TOTAL', 200])
    expect((await get('/fast')).status).toBe(200)
    expect(shared.openConnections).toBe(1)
  })

  it('tells a reset stream from a lost connection, and goes on afterwards', async () => {
    const { url, sessions } = await server((stream, headers) => {
      if (headers[':path'] === '/reset') stream.close(2)
      else if (headers[':path'] === '/lost') stream.session?.destroy()
      else echo(stream, headers)
    })
    const { get } = createClient(url, { version: 2 })
    expect(await failureOf(get('/reset'))).toBe('STREAM_RESET')
    expect(await failureOf(get('/lost'))).toMatch(/CONNECTION_CLOSED|CONNECTION_RESET|STREAM_RESET/)
    expect((await get('/')).status).toBe(200)
    expect(sessions).toHaveLength(2)
  })

  it('fails by name where nobody speaks it', async () => {
    const url = await rawServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'))
    expect(await failureOf(createClient(url, { version: 2 }).get('/'))).toMatch(/STREAM_RESET|CONNECTION_/)
  })

  it('aborts what is under way and closes', async () => {
    const { url, sessions } = await server(() => {})
    const { client, get, shared } = createClient(url, { version: 2 })
    const all = Promise.all([failureOf(get('/a')), failureOf(get('/b'))])
    while (sessions.length === 0) await new Promise(setImmediate)
    client.abort('stop')
    expect(await all).toEqual(['ABORTED', 'ABORTED'])
    while (shared.openConnections > 0) await new Promise(setImmediate)
    expect(shared.inFlight).toBe(0)
  })
})

describe('ALPN', () => {
  const versionServer = async (allowHTTP1: boolean) => {
    const secure = createSecureServer({ ...certificates.server, allowHTTP1 }, (request, answer) => {
      answer.end(request.httpVersion)
    })
    return `https://localhost:${await listen(secure)}`
  }

  it('chooses HTTP/2 where it is offered', async () => {
    const { get, exchanges, shared } = createClient(await versionServer(true), {
      version: 'auto',
      tls: { ca: certificates.ca },
    })
    const answers = await Promise.all(Array.from({ length: 8 }, () => get('/')))
    expect(answers.map((answer) => answer.text())).toEqual(Array(8).fill('2.0'))
    expect(shared.openConnections).toBe(1)
    expect(exchanges.filter(({ tlsEnd }) => tlsEnd > 0)).toHaveLength(1)
  })

  it('falls back to HTTP/1.1, with as many connections as it needs', async () => {
    const held: (() => void)[] = []
    const secure = createHttpsServer(certificates.server, (request, answer) => {
      held.push(() => answer.end(request.httpVersion))
      if (held.length === 4) for (const release of held) release()
      else if (held.length > 4) answer.end(request.httpVersion)
    })
    const url = `https://localhost:${await listen(secure)}`
    const { get, shared } = createClient(url, { version: 'auto', tls: { ca: certificates.ca } })
    const answers = await Promise.all(Array.from({ length: 4 }, () => get('/')))
    expect(answers.map((answer) => answer.text())).toEqual(Array(4).fill('1.1'))
    expect(shared.openConnections).toBe(4)
    for (let i = 0; i < 6; i++) expect((await get('/')).text()).toBe('1.1')
    expect(shared.openConnections).toBe(4)
  })

  it('fails when HTTP/2 is demanded and not offered', async () => {
    const url = `https://localhost:${await listen(createHttpsServer({ ...certificates.server, ALPNProtocols: ['http/1.1'] }))}`
    const { get } = createClient(url, { version: 2, tls: { ca: certificates.ca } })
    expect(await failureOf(get('/'))).toBe('TLS_FAILED')
  })

  it('is what version 2 goes by over TLS', async () => {
    const { get } = createClient(await versionServer(false), { version: 2, tls: { ca: certificates.ca } })
    expect((await get('/')).text()).toBe('2.0')
  })
})
