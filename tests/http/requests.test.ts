import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import type { IncomingMessage } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { RequestInput } from '../../packages/plimsoll/src/protocols/http/types.ts'
import { createClient, failureOf, httpServer, rawServer, response, timeouts } from './harness.ts'

interface Seen {
  method: string
  url: string
  headers: Record<string, string>
  body: string
}

/** A server that answers with what it saw. */
async function mirror() {
  const { url } = await httpServer(async (request, answer) => {
    const { method, headers } = request
    const body = (await buffer(request)).toString('latin1')
    answer.end(JSON.stringify({ method, url: request.url, headers, body }))
  })
  return url
}

async function seen(input: RequestInput, method = 'POST', settings = {}): Promise<Seen> {
  const { client } = createClient(await mirror(), settings)
  return (await client.request(method, '/x?a=1', input, '')).json<Seen>()
}

function temporaryFile(content: string | Buffer): string {
  const folder = mkdtempSync(join(tmpdir(), 'plimsoll-http-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const path = join(folder, 'file.txt')
  writeFileSync(path, content)
  return path
}

async function* pieces(...texts: string[]) {
  for (const text of texts) yield Buffer.from(text)
}

describe('a body', () => {
  const large = 'ä1'.repeat(100_000)
  it.each<[string, RequestInput, string | undefined, string]>([
    ['JSON', { json: { a: 'b' } }, 'application/json', '{"a":"b"}'],
    ['JSON beyond ASCII', { json: 'ä' }, 'application/json', '"\xc3\xa4"'],
    ['large JSON', { json: large }, 'application/json', Buffer.from(JSON.stringify(large)).toString('latin1')],
    ['a form', { form: { a: 'b c', d: 1, e: true } }, 'application/x-www-form-urlencoded', 'a=b+c&d=1&e=true'],
    ['text', { body: 'hello' }, 'text/plain; charset=utf-8', 'hello'],
    ['no text at all', { body: '' }, 'text/plain; charset=utf-8', ''],
    ['bytes', { body: Buffer.from([0, 255]) }, 'application/octet-stream', '\x00\xff'],
    ['a stream', { body: pieces('one ', '', 'two') }, 'application/octet-stream', 'one two'],
    ['a type of its own', { body: 'a,b', headers: { 'Content-Type': 'text/csv' } }, 'text/csv', 'a,b'],
  ])('of %s', async (_, input, type, body) => {
    const got = await seen(input)
    expect(got.headers['content-type']).toBe(type)
    expect(got.body).toBe(body)
    if (input.body === undefined || !(Symbol.asyncIterator in Object(input.body))) {
      expect(got.headers['content-length']).toBe(String(body.length))
    } else {
      expect(got.headers['transfer-encoding']).toBe('chunked')
    }
  })

  it('of a file', async () => {
    const path = temporaryFile('from the file')
    const got = await seen({ body: { kind: 'file', path, type: 'text/x-test' } })
    expect(got).toMatchObject({ body: 'from the file', headers: { 'content-type': 'text/x-test' } })
    expect(got.headers['content-length']).toBe('13')
  })

  it('that is missing is announced where a body is usual', async () => {
    expect((await seen({})).headers['content-length']).toBe('0')
    expect((await seen({}, 'GET')).headers['content-length']).toBeUndefined()
    expect((await seen({ headers: { 'x-a': 'b' } }, 'PUT')).headers['content-length']).toBe('0')
  })

  it('of several parts is understood by a parser that is not ours', async () => {
    const path = temporaryFile(Buffer.from([1, 2, 3, 0, 255]))
    const { url } = await httpServer(async (request, answer) => {
      const form = await parseForm(request)
      const file = form.get('file') as File
      answer.end(
        JSON.stringify({
          text: form.get('te"xt'),
          number: form.get('number'),
          file: [file.name, file.type, ...new Uint8Array(await file.arrayBuffer())],
          bytes: await (form.get('bytes') as File).text(),
          length: request.headers['content-length'],
        }),
      )
    })
    const form = {
      'te"xt': 'Grüße\r\n--plimsoll',
      number: 7,
      file: { kind: 'file', path, name: 'ü.bin', type: 'image/png' },
      bytes: Buffer.from('bytes'),
    } as const
    const got = (await createClient(url).post('/', { form })).json<Record<string, unknown>>()
    expect(got).toMatchObject({
      text: 'Grüße\r\n--plimsoll',
      number: '7',
      file: ['ü.bin', 'image/png', 1, 2, 3, 0, 255],
      bytes: 'bytes',
    })
    expect(Number(got['length'])).toBeGreaterThan(100)
  })

  it('is multipart when asked for, without a file in it', async () => {
    const got = await seen({ form: { a: 'b' }, multipart: true })
    expect(got.headers['content-type']).toMatch(/^multipart\/form-data; boundary=/)
  })

  it.each<[string, RequestInput, string]>([
    ['two bodies', { json: 1, body: 'x' }, 'BAD_REQUEST'],
    ['JSON of a function', { json: () => {} }, 'BAD_REQUEST'],
    ['JSON of a circle', { json: circle() }, 'BAD_REQUEST'],
    ['a body of a wrong kind', { body: 5 as never }, 'BAD_REQUEST'],
    ['a file that is not there', { body: { kind: 'file', path: '/nowhere/at/all' } }, 'REQUEST_BODY_FAILED'],
    ['a folder', { form: { file: { kind: 'file', path: tmpdir() } } }, 'REQUEST_BODY_FAILED'],
    ['a header with a line break', { headers: { 'x-a': 'b\r\nx-evil: 1' } }, 'BAD_REQUEST'],
    ['a header with no name', { headers: { 'x a': 'b' } }, 'BAD_REQUEST'],
    ['a header beyond Latin-1', { headers: { 'x-a': '世界' } }, 'BAD_REQUEST'],
    ['a length of its own', { headers: { 'Content-Length': '5' } }, 'BAD_REQUEST'],
    ['a framing of its own', { headers: { 'transfer-encoding': 'chunked' } }, 'BAD_REQUEST'],
  ])('or header that cannot be sent: %s', async (_, input, code) => {
    const { post, exchanges } = createClient(await mirror())
    expect(await failureOf(post('/', input))).toBe(code)
    expect(exchanges[0]).toMatchObject({ status: 0, sendStart: 0, error: { code } })
  })

  it('that throws while it is sent ends the exchange', async () => {
    const { post } = createClient(await mirror())
    async function* broken() {
      yield Buffer.from('begin')
      throw new Error('the well is dry')
    }
    expect(await failureOf(post('/', { body: broken() }))).toBe('REQUEST_BODY_FAILED')
  })

  it('that is refused before it was sent is not sent on', async () => {
    let made = 0
    async function* endless() {
      for (;;) {
        made++
        yield Buffer.alloc(64 * 1024)
      }
    }
    const url = await rawServer((socket) => {
      socket.write('HTTP/1.1 413 Too Large\r\ncontent-length: 0\r\n\r\n')
    })
    const { post, shared } = createClient(url)
    expect((await post('/', { body: endless() })).status).toBe(413)
    expect(shared.openConnections).toBe(0)
    const madeThen = made
    await new Promise((resolve) => setTimeout(resolve, 30))
    expect(made).toBeLessThanOrEqual(madeThen + 1)
  })
})

describe('headers', () => {
  it('of the request beat those of the settings, whatever their case', async () => {
    const headers = { Authorization: 'Bearer all', 'X-All': '1', Accept: 'text/html' }
    const got = await seen({ headers: { authorization: 'Bearer one', 'x-one': '2' } }, 'GET', { headers })
    expect(got.headers).toMatchObject({ authorization: 'Bearer one', 'x-all': '1', 'x-one': '2', accept: 'text/html' })
  })

  it('may name the host', async () => {
    expect((await seen({ headers: { Host: 'example.test' } }, 'GET')).headers['host']).toBe('example.test')
  })

  it.each<[RequestInput, string]>([
    [{ auth: { username: 'Aladdin', password: 'open sesame' } }, 'Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=='],
    [{ auth: { bearer: 'abc' } }, 'Bearer abc'],
    [{ auth: { bearer: 'abc' }, headers: { authorization: 'Mine' } }, 'Mine'],
  ])('carry credentials: %j', async (input, authorization) => {
    expect((await seen(input, 'GET')).headers['authorization']).toBe(authorization)
  })

  it('carry credentials from the URL, which says nothing of them', async () => {
    const url = (await mirror()).replace('http://', 'http://ann:s%C3%A9cret@')
    const { get, exchanges } = createClient('http://127.0.0.1')
    const got = (await get(`${url}/`)).json<Seen>()
    expect(got.headers['authorization']).toBe(`Basic ${Buffer.from('ann:sécret').toString('base64')}`)
    expect(exchanges[0]?.url).not.toContain('ann')
  })

  it('parameters join the query', async () => {
    const params = { q: 'a b&c', n: 1, yes: true, no: undefined, nothing: null }
    expect((await seen({ params }, 'GET')).url).toBe('/x?a=1&q=a+b%26c&n=1&yes=true')
  })
})

describe('Expect: 100-continue', () => {
  const input = { body: 'the body', headers: { expect: '100-continue' } }

  it('sends the body once the server wants it', async () => {
    const { url, server } = await httpServer(async (request, answer) => answer.end(await buffer(request)))
    let asked = 0
    server.on('checkContinue', (request, answer) => {
      asked++
      answer.writeContinue()
      server.emit('request', request, answer)
    })
    const { post, shared } = createClient(url)
    expect((await post('/', input)).text()).toBe('the body')
    expect((await post('/', input)).text()).toBe('the body')
    expect(asked).toBe(2)
    expect(shared.openConnections).toBe(1)
  })

  it('never sends what the server refuses', async () => {
    let received = ''
    const url = await rawServer((socket) => {
      socket.on('data', (data) => {
        received += data
      })
      socket.write('HTTP/1.1 417 No\r\ncontent-length: 0\r\n\r\n')
    })
    const { post, shared } = createClient(url)
    expect((await post('/', input)).status).toBe(417)
    expect(shared.openConnections).toBe(0)
    expect(received).not.toContain('the body')
  })

  it('sends it anyway to a server that does not know', async () => {
    const url = await rawServer((socket) => {
      socket.on('data', (data) => {
        if (data.toString().includes('the body')) socket.write(response('took it'))
      })
    })
    const { post } = createClient(url, { timeout: timeouts({ firstByte: 5000 }) })
    expect((await post('/', input)).text()).toBe('took it')
  })
})

describe('redirects', () => {
  async function redirecting(status: number, to: string | (() => string)) {
    const { url } = await httpServer(async (request, answer) => {
      const body = (await buffer(request)).toString()
      if (request.url === '/from') {
        answer.statusCode = status
        answer.setHeader('location', typeof to === 'string' ? to : to())
        answer.end('moved')
      } else {
        answer.end(JSON.stringify({ method: request.method, url: request.url, headers: request.headers, body }))
      }
    })
    return url
  }

  it.each([
    [301, 'POST', 'GET', ''],
    [302, 'POST', 'GET', ''],
    [303, 'PUT', 'GET', ''],
    [307, 'POST', 'POST', '{"a":1}'],
    [308, 'POST', 'POST', '{"a":1}'],
    [301, 'PUT', 'PUT', '{"a":1}'],
    [303, 'HEAD', 'HEAD', ''],
  ])('%i turns %s into %s', async (status, before, after, body) => {
    const { client, exchanges } = createClient(await redirecting(status, '/to?x=1#part'))
    const input = before === 'HEAD' ? undefined : { json: { a: 1 } }
    const answer = await client.request(before, '/from', input, '')
    expect(exchanges.map(({ method }) => method)).toEqual([before, after])
    expect(exchanges.map((exchange) => exchange.status)).toEqual([status, 200])
    expect(answer.url).toMatch(/\/to\?x=1$/)
    if (after === 'HEAD') return
    expect(answer.json<Seen>()).toMatchObject({ method: after, url: '/to?x=1', body })
    expect(answer.json<Seen>().headers['content-type']).toBe(body === '' ? undefined : 'application/json')
  })

  it('to another origin carry no credentials', async () => {
    const elsewhere = await mirror()
    const url = await redirecting(307, () => `${elsewhere}/there`)
    const { post } = createClient(url, { headers: { Authorization: 'Bearer common', 'x-kept': 'yes' } })
    const secrets = { headers: { cookie: 'a=b', 'proxy-authorization': 'c' }, auth: { bearer: 'mine' }, body: 'x' }
    const { headers, body } = (await post('/from', secrets)).json<Seen>()
    expect(headers).toMatchObject({ 'x-kept': 'yes' })
    expect(headers).not.toHaveProperty('authorization')
    expect(headers).not.toHaveProperty('cookie')
    expect(headers).not.toHaveProperty('proxy-authorization')
    expect(body).toBe('x')
  })

  it('within the origin carry them', async () => {
    const { get } = createClient(await redirecting(302, '/to'))
    const { headers } = (await get('/from', { auth: { bearer: 'mine' } })).json<Seen>()
    expect(headers['authorization']).toBe('Bearer mine')
  })

  it('to a host that is not allowed are not followed', async () => {
    const url = await redirecting(302, 'http://192.0.2.1/away')
    const { get, exchanges } = createClient(url, { allowHost: (host) => host === '127.0.0.1' })
    expect(await failureOf(get('/from'))).toBe('HOST_NOT_ALLOWED')
    expect(exchanges.map((exchange) => exchange.error?.code)).toEqual([undefined, 'HOST_NOT_ALLOWED'])
  })

  it('in a circle end', async () => {
    const { get, exchanges } = createClient(await redirecting(302, '/from'), { redirects: 3 })
    expect(await failureOf(get('/from'))).toBe('TOO_MANY_REDIRECTS')
    expect(exchanges).toHaveLength(4)
    expect(exchanges.at(-1)?.error?.code).toBe('TOO_MANY_REDIRECTS')
  })

  it('are answers like any other with a limit of 0', async () => {
    const { get } = createClient(await redirecting(302, '/to'))
    const answer = await get('/from', { redirects: 0 })
    expect(answer).toMatchObject({ status: 302 })
    expect(answer.text()).toBe('moved')
  })

  it('of a body that is gone fail', async () => {
    const { post } = createClient(await redirecting(307, '/to'))
    expect(await failureOf(post('/from', { body: pieces('once') }))).toBe('REQUEST_BODY_FAILED')
  })

  it('to what is no URL fail', async () => {
    expect(await failureOf(createClient(await redirecting(302, 'http://[')).get('/from'))).toBe('BAD_REQUEST')
  })
})

describe('cookies', () => {
  async function baker() {
    const { url } = await httpServer((request, answer) => {
      const set = new URL(request.url ?? '', 'http://x').searchParams.getAll('set')
      if (set.length > 0) answer.setHeader('set-cookie', set)
      if (request.url === '/login') {
        answer.setHeader('set-cookie', 'session=1')
        answer.statusCode = 302
        answer.setHeader('location', '/home')
      }
      answer.end(request.headers.cookie ?? 'none')
    })
    return url
  }
  const setting = (...cookies: string[]) =>
    `/?${cookies.map((cookie) => `set=${encodeURIComponent(cookie)}`).join('&')}`

  it('are kept by path and name, and sent back', async () => {
    const { get } = createClient(await baker())
    expect((await get('/a')).text()).toBe('none')
    await get(setting('a=1', 'b=2; Path=/deep'))
    expect((await get('/a')).text()).toBe('a=1')
    expect((await get('/deep/x')).text().split('; ').sort()).toEqual(['a=1', 'b=2'])
    await get(setting('a=3'))
    expect((await get('/a')).text()).toBe('a=3')
  })

  it('expire, however often they are used', async () => {
    const { get } = createClient(await baker())
    await get(setting('a=1; Max-Age=1', 'b=2; Max-Age=100', 'c=3; Max-Age=0'))
    expect((await get('/')).text()).toBe('a=1; b=2')
    const begun = performance.now()
    let text = ''
    do {
      text = (await get('/')).text()
    } while (text !== 'b=2' && performance.now() - begun < 5000)
    expect(text).toBe('b=2')
  })

  it('go along a redirect, and with what the request itself says', async () => {
    const { get } = createClient(await baker())
    expect((await get('/login')).text()).toBe('session=1')
    expect((await get('/', { headers: { cookie: 'own=2' } })).text()).toBe('own=2; session=1')
  })

  it('of another host, or no cookies, are ignored', async () => {
    const { get } = createClient(await baker())
    await get(setting('a=1; Domain=example.com', '', '=;=', 'ok=1'))
    expect((await get('/')).text()).toBe('ok=1')
  })

  it('belong to one user', async () => {
    const url = await baker()
    await createClient(url).get(setting('a=1'))
    expect((await createClient(url).get('/')).text()).toBe('none')
  })

  it('are left alone when switched off', async () => {
    const { get } = createClient(await baker(), { cookies: false })
    await get(setting('a=1'))
    expect((await get('/')).text()).toBe('none')
  })
})

function circle(): object {
  const ring: Record<string, unknown> = {}
  ring['self'] = ring
  return ring
}

async function parseForm(request: IncomingMessage): Promise<FormData> {
  const headers = { 'content-type': request.headers['content-type'] ?? '' }
  return new Response(new Uint8Array(await buffer(request)), { headers }).formData()
}
