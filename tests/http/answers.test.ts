import type { Socket } from 'node:net'
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { millis } from '../../packages/plimsoll/src/base/units.ts'
import { fullBacklog } from './full-backlog.ts'
import { createClient, failureOf, httpServer, rawServer, response, timeouts } from './harness.ts'

describe('an answer', () => {
  it('has headers by name, values joined, and each on its own', async () => {
    const url = await rawServer((socket) =>
      socket.write(response('', 'X-A: 1\r\nx-a:  2 \r\nset-cookie: a=b, c\r\nSet-Cookie: d\r\n')),
    )
    const { headers } = await createClient(url).get('/')
    expect(headers.get('X-a')).toBe('1, 2')
    expect(headers.getAll('set-cookie')).toEqual(['a=b, c', 'd'])
    expect(headers.has('X-B')).toBe(false)
    expect(headers.get('x-b')).toBeUndefined()
    expect(headers.entries()[1]).toEqual(['x-a', '1'])
  })

  it('did not come later because somebody was busy with the one before', async () => {
    const waiting: Socket[] = []
    const url = await rawServer((socket) => {
      if (waiting.push(socket) === 6) for (const each of waiting) each.write(response('all at once'))
    })
    const { get, shared, exchanges } = createClient(url)
    const seen: number[] = []
    const busy = async () => {
      await get('/')
      seen.push(shared.now())
      while (shared.now() < (seen.at(-1) ?? 0) + 5);
    }
    await Promise.all(Array.from({ length: 6 }, busy))
    expect(Math.max(...exchanges.map(({ end }) => end))).toBeLessThanOrEqual(Math.min(...seen))
  })

  it('is read as text, JSON or bytes, small or large, in one piece or chunks', async () => {
    const value = { text: 'Grüße, 世界', long: 'ä'.repeat(50_000) }
    const { url } = await httpServer((request, answer) => {
      const body = JSON.stringify(request.url === '/small' ? { text: value.text } : value)
      if (request.url === '/chunks') for (let i = 0; i < body.length; i += 999) answer.write(body.slice(i, i + 999))
      answer.end(request.url === '/chunks' ? '' : body)
    })
    const { get } = createClient(url)
    expect((await get('/small')).json()).toEqual({ text: value.text })
    expect((await get('/large')).json()).toEqual(value)
    expect((await get('/chunks')).json()).toEqual(value)
    expect((await get('/small')).body).toEqual(Buffer.from(JSON.stringify({ text: value.text })))
    expect((await get('/large')).bodyLength).toBe(Buffer.byteLength(JSON.stringify(value)))
  })

  it('is decoded by the charset that it names', async () => {
    const { url } = await httpServer((_request, answer) => {
      answer.setHeader('content-type', 'text/plain; charset="ISO-8859-1"')
      answer.end(Buffer.from('Grüße', 'latin1'))
    })
    expect((await createClient(url).get('/')).text()).toBe('Grüße')
  })

  it('that is no JSON says so, and how it begins', async () => {
    const { url } = await httpServer((_request, answer) => answer.end('<html>'))
    const answer = await createClient(url).get('/')
    expect(() => answer.json()).toThrow(/answered 200 with no JSON: .*it begins "<html>"/)
  })

  it('keeps its octets while later ones are read', async () => {
    const { url } = await httpServer((request, answer) => answer.end(request.url?.repeat(50)))
    const { get } = createClient(url)
    const answers = []
    for (let i = 0; i < 50; i++) answers.push(await get(`/${i}`))
    expect(answers.map((answer) => answer.text())).toEqual(answers.map((_, i) => `/${i}`.repeat(50)))
  })

  it.each(['HEAD', 'GET'])('to %s without a body leaves the connection in order', async (method) => {
    const { url } = await httpServer((_request, answer) => {
      answer.statusCode = method === 'HEAD' ? 200 : 204
      answer.end(method === 'HEAD' ? 'as long as this' : undefined)
    })
    const { client, shared } = createClient(url)
    for (let i = 0; i < 3; i++) {
      const answer = await client.request(method, '/', undefined, '')
      expect(answer.text()).toBe('')
    }
    expect(shared.openConnections).toBe(1)
  })

  it('may come behind early hints; its first byte is its own', async () => {
    const { url } = await httpServer((_request, answer) => {
      answer.writeEarlyHints({ link: '</a.css>; rel=preload' })
      setTimeout(() => answer.end('ok'), 40)
    })
    const { get, exchanges } = createClient(url)
    expect((await get('/')).text()).toBe('ok')
    const [exchange] = exchanges
    expect((exchange?.firstByte ?? 0) - (exchange?.sendEnd ?? 0)).toBeGreaterThan(30)
  })

  it('has its instants in order', async () => {
    const { url } = await httpServer((_request, answer) => {
      answer.write('a')
      setTimeout(() => answer.end('b'), 30)
    })
    const { get, exchanges } = createClient(url)
    await get('/')
    const [x] = exchanges
    if (x === undefined) throw new Error('no exchange was reported')
    const instants = [x.askedAt, x.assignedAt, x.connectStart, x.connectEnd, x.sendStart, x.sendEnd, x.firstByte, x.end]
    expect(instants).toEqual([...instants].sort((a, b) => a - b))
    expect(x.end - x.firstByte).toBeGreaterThan(20)
    expect(x.tlsEnd).toBe(0)
    expect(x.bytesSent).toBeGreaterThan(30)
    expect(x.bytesReceived).toBeGreaterThan(80)
  })
})

describe('compression', () => {
  const text = 'Plimsoll '.repeat(1000)
  it.each([
    ['gzip', gzipSync(text)],
    ['x-gzip', gzipSync(text)],
    ['deflate', deflateSync(text)],
    ['deflate', deflateRawSync(text)],
    ['br', brotliCompressSync(text)],
    ['gzip, br', brotliCompressSync(gzipSync(text))],
    ['identity', Buffer.from(text)],
    ['none', Buffer.from(text)],
  ])('%s is undone', async (coding, body) => {
    const { url } = await httpServer((_request, answer) => {
      answer.setHeader('content-encoding', coding)
      answer.end(body)
    })
    const { get } = createClient(url)
    const answer = await get('/')
    expect(answer.text()).toBe(text)
    expect(answer.bodyLength).toBe(body.length)
    const pieces: Uint8Array[] = []
    await get('/', { receive: (piece) => void pieces.push(piece) })
    expect(Buffer.concat(pieces).toString()).toBe(text)
    expect((await createClient(url, { decompress: false }).get('/')).body).toEqual(body)
  })

  it('a bomb bursts at the limit of bodies', async () => {
    const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024))
    const { url } = await httpServer((_request, answer) => {
      answer.setHeader('content-encoding', 'gzip')
      answer.end(bomb)
    })
    const { get, exchanges } = createClient(url, { maxBody: 1024 * 1024 })
    expect(await failureOf(get('/'))).toBe('BODY_TOO_LARGE')
    expect(exchanges).toMatchObject([{ status: 0, error: { code: 'BODY_TOO_LARGE' } }])
  })

  it('that is broken is a failure with a name', async () => {
    const { url } = await httpServer((_request, answer) => {
      answer.setHeader('content-encoding', 'gzip')
      answer.end('this is not gzip')
    })
    const { get } = createClient(url)
    expect(await failureOf(get('/'))).toBe('MALFORMED_ENCODING')
    expect(await failureOf(get('/', { receive: () => {} }))).toBe('MALFORMED_ENCODING')
  })
})

describe('a hostile server', () => {
  it('that is silent costs the time to the first byte', async () => {
    const url = await rawServer(() => {})
    const { get, exchanges } = createClient(url, { timeout: timeouts({ firstByte: 60 }) })
    expect(await failureOf(get('/'))).toBe('TIMEOUT_FIRST_BYTE')
    const [exchange] = exchanges
    expect((exchange?.end ?? 0) - (exchange?.sendEnd ?? 0)).toBeGreaterThanOrEqual(60)
  })

  it('that falls silent costs the whole time', async () => {
    const url = await rawServer((socket) => socket.write('HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf'))
    const { get, shared } = createClient(url)
    expect(await failureOf(get('/', undefined, millis(80)))).toBe('TIMEOUT_TOTAL')
    expect(shared.openConnections).toBe(0)
  })

  it('that never takes a connection costs the time to connect', async () => {
    const { get, exchanges } = createClient(`http://127.0.0.1:${await fullBacklog()}`, {
      timeout: timeouts({ connect: 100 }),
    })
    expect(await failureOf(get('/'))).toBe('TIMEOUT_CONNECT')
    expect(exchanges[0]).toMatchObject({ connectEnd: 0, sendStart: 0 })
  })

  it('that sends a body without end is cut at the limit', async () => {
    const { url } = await httpServer((_request, answer) => {
      const piece = Buffer.alloc(64 * 1024)
      const more = () => {
        while (!answer.destroyed && answer.write(piece)) {}
      }
      answer.on('drain', more)
      more()
    })
    const { get, exchanges } = createClient(url, { maxBody: 1024 * 1024 })
    expect(await failureOf(get('/'))).toBe('BODY_TOO_LARGE')
    expect(exchanges[0]?.bytesReceived).toBeLessThan(1024 * 1024 + 256 * 1024)
  })

  it('that announces a body beyond the limit is not listened to', async () => {
    const url = await rawServer((socket) => socket.write('HTTP/1.1 200 OK\r\ncontent-length: 99999999999\r\n\r\n'))
    expect(await failureOf(createClient(url).get('/'))).toBe('BODY_TOO_LARGE')
  })

  it('that sends headers without end is cut at the limit', async () => {
    const url = await rawServer((socket) => {
      socket.write('HTTP/1.1 200 OK\r\n')
      const more = () => {
        if (!socket.destroyed) socket.write('x-filler: yes\r\n'.repeat(100), more)
      }
      more()
    })
    expect(await failureOf(createClient(url).get('/'))).toBe('HEADERS_TOO_LARGE')
  })

  it.each([
    ['resets in the middle', (socket: Socket) => socket.resetAndDestroy(), 'CONNECTION_RESET'],
    ['closes in the middle', (socket: Socket) => socket.end(), 'CONNECTION_CLOSED'],
  ])('that %s', async (_, leave, code) => {
    const url = await rawServer((socket) =>
      socket.write('HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf', () => setTimeout(() => leave(socket), 10)),
    )
    expect(await failureOf(createClient(url).get('/'))).toBe(code)
  })

  it.each([
    ['nonsense', 'SSH-2.0-OpenSSH\r\n', 'MALFORMED_STATUS_LINE'],
    ['a bad header', 'HTTP/1.1 200 OK\r\nbad\r\n\r\n', 'MALFORMED_HEADER'],
    ['two framings', 'HTTP/1.1 200 OK\r\ncontent-length: 1\r\ntransfer-encoding: chunked\r\n\r\n', 'MALFORMED_LENGTH'],
    ['bad chunks', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nxyz\r\n', 'MALFORMED_CHUNK'],
    ['more than it announced', `${response('ok')}more`, 'UNEXPECTED_DATA'],
    ['another protocol', 'HTTP/1.1 101 Switching Protocols\r\nupgrade: foo\r\n\r\n', 'UNEXPECTED_DATA'],
  ])('that sends %s costs the request, and the connection', async (_, text, code) => {
    const url = await rawServer((socket, _head, connection) => socket.write(connection === 0 ? text : response('ok')))
    const { get, shared, exchanges } = createClient(url)
    expect(await failureOf(get('/'))).toBe(code)
    expect(shared.openConnections).toBe(0)
    expect(exchanges[0]?.error?.code).toBe(code)
    expect((await get('/')).text()).toBe('ok')
  })
})
