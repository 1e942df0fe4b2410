import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { entryHash, sha256 } from '../src/proofs/ledger/entry.ts'
import { type Instance, startInstance } from './support/instance.ts'
import { startTestPostgres, type TestPostgres, withClient } from './support/postgres.ts'

let postgres: TestPostgres
let harbor: Instance
let databaseUrl: string
let token: string

beforeAll(async () => {
  postgres = await startTestPostgres()
  databaseUrl = await postgres.database()
  harbor = await startInstance(databaseUrl)
  token = await harbor.enroll('device-1')
})

afterAll(async () => {
  await harbor?.close()
  await postgres?.stop()
})

const device = { device_id: 'device-x', device_token: 'secret', device_name: 'iPhone', os_version: '17.1' }
const envelope = (code: string) => ({
  error: { code, message: expect.stringMatching(/\S.*\.$/), details: expect.any(Array) },
})

describe('GET /health', () => {
  it('is ok', async () => {
    expect(await harbor.send('GET', '/health')).toMatchObject({ status: 200, body: { status: 'ok' } })
  })

  it('is ready with a migrated database', async () => {
    const answer = await harbor.send('GET', '/health/ready')
    expect(answer).toMatchObject({
      status: 200,
      body: { status: 'ready', checks: { postgres: 'ok', migrations: 'ok' } },
    })
  })
})

describe('POST /device/enroll', () => {
  it('gives a token, also the second time', async () => {
    for (const name of ['iPhone', 'iPad']) {
      const answer = await harbor.send('POST', '/device/enroll', harbor.json({ ...device, device_name: name }))
      expect(answer).toMatchObject({
        status: 200,
        body: { device_id: 'device-x', enrollment_token: expect.any(String) },
      })
    }
  })

  it('refuses the same device with another token', async () => {
    await harbor.send('POST', '/device/enroll', harbor.json(device))
    const answer = await harbor.send('POST', '/device/enroll', harbor.json({ ...device, device_token: 'other' }))
    expect(answer).toMatchObject({ status: 401, body: envelope('unauthorized') })
    expect(answer.headers.get('www-authenticate')).toBe('Bearer')
  })

  it('names everything that is wrong with a body', async () => {
    const answer = await harbor.send(
      'POST',
      '/device/enroll',
      harbor.json({ device_id: 7, device_name: '', extra: true, device_token: 'x' }),
    )
    expect(answer).toMatchObject({ status: 400, body: envelope('invalid_request') })
    expect(answer.body.error.details.map(({ path }) => path).sort()).toEqual([
      'body/device_id',
      'body/device_name',
      'body/extra',
      'body/os_version',
    ])
  })

  it.each([
    ['a NUL character', 'a\0b'],
    ['a lone surrogate', 'a\ud800b'],
  ])('refuses an id with %s', async (_, device_id) => {
    const answer = await harbor.send('POST', '/device/enroll', harbor.json({ ...device, device_id }))
    expect(answer).toMatchObject({ status: 400, body: envelope('invalid_request') })
  })

  it('does not keep the token in the clear', async () => {
    const { rows } = await withClient(databaseUrl, (client) =>
      client.query<{ text: string }>('SELECT d::text AS text FROM devices d'),
    )
    expect(rows.length).toBeGreaterThan(0)
    for (const row of rows) expect(row.text).not.toContain(Buffer.from('token of').toString('hex'))
  })
})

describe('POST /lock-proof', () => {
  it('locks, and gives the same answer for the same capture and data', async () => {
    const first = await harbor.lock(token, 'capture-a', 'data', { b: [1, null], a: 'é' })
    expect(first).toMatchObject({
      status: 200,
      body: {
        proof_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
        sequence: expect.any(Number),
        hash: expect.stringMatching(/^[0-9a-f]{64}$/),
        previous_hash: expect.stringMatching(/^[0-9a-f]{64}$/),
        locked_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      },
    })
    expect((await harbor.lock(token, 'capture-a', 'data')).body).toEqual(first.body)
  })

  it('refuses other data for the same capture', async () => {
    await harbor.lock(token, 'capture-b', 'data')
    const answer = await harbor.lock(token, 'capture-b', 'other')
    expect(answer).toMatchObject({ status: 409, body: envelope('conflict') })
  })

  it('can be recomputed from what the ledger shows', async () => {
    const { body: locked } = await harbor.lock(token, 'capture-c', 'data', { z: 1, a: { y: 2, b: 3 } })
    const { body } = await harbor.entries(token, `?after=${locked.sequence - 1}&limit=1`)
    const [entry] = body.entries
    expect(entry).toMatchObject({ ...locked, device_id: 'device-1', metadata: { z: 1, a: { y: 2, b: 3 } } })
    const hash = entryHash({
      previousHash: Buffer.from(locked.previous_hash, 'hex'),
      sequence: locked.sequence,
      deviceId: 'device-1',
      captureId: 'capture-c',
      proofHash: sha256('data'),
      metadata: '{"a":{"b":3,"y":2},"z":1}',
      lockedAt: new Date(locked.locked_at),
    })
    expect(hash.toString('hex')).toBe(locked.hash)
    expect(entry?.proof_hash).toBe(sha256('data').toString('hex'))
  })

  it.each([
    ['without a token', undefined],
    ['with a token that is none', 'v1.ZDE.zzzzzzzz.AAAA'],
    ['with an empty token', ''],
  ])('refuses a device %s', async (_, wrong) => {
    const answer = await harbor.send(
      'POST',
      '/lock-proof',
      harbor.json({ capture_id: 'c', proof_data: 'd', metadata: {} }, wrong),
    )
    expect(answer).toMatchObject({ status: 401, body: envelope('unauthorized') })
    expect(answer.headers.get('www-authenticate')).toBe('Bearer')
  })

  it.each([
    ['no capture', { proof_data: 'd', metadata: {} }],
    ['an empty capture', { capture_id: '', proof_data: 'd', metadata: {} }],
    ['a long capture', { capture_id: 'x'.repeat(256), proof_data: 'd', metadata: {} }],
    ['no data', { capture_id: 'c', metadata: {} }],
    ['data that is no text', { capture_id: 'c', proof_data: 1, metadata: {} }],
    ['no metadata', { capture_id: 'c', proof_data: 'd' }],
    ['metadata that is an array', { capture_id: 'c', proof_data: 'd', metadata: [] }],
    ['an unknown field', { capture_id: 'c', proof_data: 'd', metadata: {}, more: 1 }],
    ['NUL in metadata', { capture_id: 'c', proof_data: 'd', metadata: { a: '\0' } }],
    ['NUL in the capture', { capture_id: '\0', proof_data: 'd', metadata: {} }],
  ])('refuses %s', async (_, body) => {
    const answer = await harbor.send('POST', '/lock-proof', harbor.json(body, token))
    expect(answer).toMatchObject({ status: 400, body: envelope('invalid_request') })
    expect(answer.body.error.details.length).toBeGreaterThan(0)
  })

  it('refuses a number that no double holds, and metadata nested beyond reason', async () => {
    for (const metadata of ['{"a":1e999}', `{"a":${'['.repeat(20_000)}${']'.repeat(20_000)}}`]) {
      const answer = await harbor.send('POST', '/lock-proof', {
        ...harbor.json({}, token),
        body: `{"capture_id":"c","proof_data":"d","metadata":${metadata}}`,
      })
      expect(answer).toMatchObject({ status: 400, body: envelope('invalid_request') })
    }
  })

  it('keeps what is hard to keep', async () => {
    const capture = `${'😀'.repeat(100)} ' " \\ {} , NULL \u0001`
    const metadata = { '': '\n', 'a"b': '\\', constructor: 1, x: [-0, 1e21, 0.1, '\u2028'] }
    const { status, body } = await harbor.lock(token, capture, 'data', metadata)
    expect(status).toBe(200)
    const page = await harbor.entries(token, `?after=${body.sequence - 1}&limit=1`)
    expect(page.body.entries[0]).toMatchObject({
      capture_id: capture,
      metadata: { ...metadata, x: [0, 1e21, 0.1, '\u2028'] },
    })
    expect((await harbor.verify()).body.valid).toBe(true)
  })
})

describe('GET /ledger/entries', () => {
  it('gives pages of 50, or of the limit', async () => {
    await Promise.all(Array.from({ length: 120 }, (_, index) => harbor.lock(token, `page-${index}`)))
    const { body } = await harbor.entries(token)
    expect(body.entries).toHaveLength(50)
    expect(body.next).toBe(50)
    const second = await harbor.entries(token, '?after=50&limit=3')
    expect(second.body.entries.map(({ sequence }) => sequence)).toEqual([51, 52, 53])
    const beyond = await harbor.entries(token, '?after=9007199254740991')
    expect(beyond.body).toEqual({ entries: [], next: null })
  })

  it.each(['0', '101', '-1', '1.5', '1e1', '0x10', '', ' 5', 'abc', '99999999999999999999'])(
    'refuses limit %j',
    async (limit) => {
      const answer = await harbor.send('GET', `/ledger/entries?limit=${encodeURIComponent(limit)}`, {
        headers: { authorization: `Bearer ${token}` },
      })
      expect(answer).toMatchObject({ status: 400, body: envelope('invalid_request') })
      expect(answer.body.error.details).toContainEqual(expect.objectContaining({ path: 'query/limit' }))
    },
  )

  it.each(['?after=-1', '?after=x', '?limit=5&limit=6', '?page=2', '?after='])('refuses %s', async (query) => {
    expect(await harbor.entries(token, query)).toMatchObject({ status: 400, body: envelope('invalid_request') })
  })

  it('wants the token', async () => {
    expect(await harbor.send('GET', '/ledger/entries')).toMatchObject({ status: 401 })
  })
})

describe('GET /ledger/verify', () => {
  it('checks all, or a range', async () => {
    const { body: all } = await harbor.verify()
    expect(all).toEqual({ valid: true, checked: expect.any(Number), first_broken: null })
    expect(all.checked).toBeGreaterThan(100)
    expect((await harbor.verify('?from=10&to=20')).body).toEqual({ valid: true, checked: 11, first_broken: null })
    expect((await harbor.verify(`?from=${all.checked}`)).body.checked).toBe(1)
    expect((await harbor.verify(`?from=${all.checked + 1}`)).body).toEqual({
      valid: true,
      checked: 0,
      first_broken: null,
    })
  })

  it.each(['?from=0', '?to=0', '?from=2&to=1', '?from=x', '?form=1'])('refuses %s', async (query) => {
    expect(await harbor.verify(query)).toMatchObject({ status: 400, body: envelope('invalid_request') })
  })
})

describe('errors', () => {
  it('has 404 for what is not there', async () => {
    for (const path of ['/nope', '/health/', '/ledger', '/%00']) {
      expect(await harbor.send('GET', path), path).toMatchObject({ status: 404, body: envelope('not_found') })
    }
  })

  it('has 400 for a URL that cannot be decoded', async () => {
    expect(await harbor.send('GET', '/%zz')).toMatchObject({ status: 400, body: envelope('invalid_request') })
  })

  it('has 405 with the methods that there are, whatever the body', async () => {
    const answer = await harbor.send('PUT', '/lock-proof', {
      body: 'x'.repeat(2_000_000),
      headers: { 'content-type': 'text/plain' },
    })
    expect(answer).toMatchObject({ status: 405, body: envelope('method_not_allowed') })
    expect(answer.headers.get('allow')).toBe('POST')
    expect((await harbor.send('DELETE', '/health')).headers.get('allow')).toBe('GET, HEAD')
    expect((await harbor.send('OPTIONS', '/ledger/verify')).status).toBe(405)
  })

  it('has 415 for what is not JSON', async () => {
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'application/xml', 'nonsense']) {
      const answer = await harbor.send('POST', '/device/enroll', { body: 'a=1', headers: { 'content-type': type } })
      expect(answer, type).toMatchObject({ status: 415, body: envelope('unsupported_media_type') })
    }
  })

  it.each(['{', '', '{"device_id":}', 'nul', '{"__proto__":{"a":1}}'])('has 400 for the body %j', async (body) => {
    const answer = await harbor.send('POST', '/device/enroll', {
      body,
      headers: { 'content-type': 'application/json' },
    })
    expect(answer).toMatchObject({ status: 400, body: envelope('invalid_request') })
  })

  it('has 413 for more than 1 MB, and takes a little less', async () => {
    const large = await harbor.lock(token, 'large', 'x'.repeat(1024 * 1024))
    expect(large).toMatchObject({ status: 413, body: envelope('body_too_large') })
    expect((await harbor.lock(token, 'almost', 'x'.repeat(1024 * 1024 - 200))).status).toBe(200)
  })

  it('lets a client that reads nothing before it has sent everything read its 413', async () => {
    const socket = connect(harbor.port, '127.0.0.1').pause()
    const size = 20_000_000
    socket.write(
      `POST /device/enroll HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: ${size}\r\n\r\n`,
    )
    await new Promise((resolve, reject) => {
      socket.once('error', reject)
      socket.write(Buffer.alloc(size, ' '), resolve)
    })
    expect(await text(socket)).toMatch(/^HTTP\/1\.1 413 /)
  })

  it('has 413 for a body that does not say its length', async () => {
    let pieces = 512
    const body = new ReadableStream({
      pull: (controller) => (pieces-- > 0 ? controller.enqueue(Buffer.alloc(64 * 1024, ' ')) : controller.close()),
    })
    const sent = harbor.send('POST', '/device/enroll', {
      body,
      duplex: 'half',
      headers: { 'content-type': 'application/json' },
    } as RequestInit)
    expect(await sent).toMatchObject({ status: 413, body: envelope('body_too_large') })
  })

  it('does not read an endless body for ever', async () => {
    const socket = connect(harbor.port, '127.0.0.1')
    const ended = new Promise((resolve) => socket.on('error', () => undefined).once('close', resolve))
    socket.write(
      'POST /device/enroll HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n',
    )
    const piece = Buffer.concat([Buffer.from('10000\r\n'), Buffer.alloc(0x10000, ' '), Buffer.from('\r\n')])
    const pour = () => {
      while (socket.writable && socket.write(piece));
    }
    socket.on('drain', pour).resume()
    pour()
    await ended
    expect(socket.bytesWritten).toBeLessThan(128 * 1024 * 1024)
  })

  it.each([
    ['no HTTP at all', 'hello\r\n\r\n', 400],
    ['a method that there is not', 'BREW /health HTTP/1.1\r\nHost: x\r\n\r\n', 400],
    ['headers without end', `GET /health HTTP/1.1\r\nHost: x\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`, 431],
    ['two lengths', 'POST /device/enroll HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n{}', 400],
  ])('answers %s in the same envelope', async (_, bytes, status) => {
    const socket = connect(harbor.port, '127.0.0.1')
    socket.write(bytes)
    const answer = await text(socket)
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `))
    expect(JSON.parse(answer.slice(answer.indexOf('\r\n\r\n') + 4))).toEqual({
      error: { code: expect.any(String), message: expect.any(String), details: [] },
    })
  })
})

it('describes itself as OpenAPI', async () => {
  const { status, body } = await harbor.send<{ openapi: string; paths: Record<string, object> }>('GET', '/api/docs')
  expect(status).toBe(200)
  expect(body.openapi).toMatch(/^3\.1/)
  const calls = Object.entries(body.paths).map(([path, methods]) => `${Object.keys(methods).join()} ${path}`)
  expect(calls).toEqual(
    expect.arrayContaining([
      'get /health',
      'get /health/ready',
      'get /ledger/entries',
      'get /ledger/verify',
      'post /device/enroll',
      'post /lock-proof',
    ]),
  )
})
