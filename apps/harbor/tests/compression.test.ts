import { once } from 'node:events'
import { type IncomingHttpHeaders, request } from 'node:http'
import { buffer } from 'node:stream/consumers'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Instance, startInstance } from './support/instance.ts'
import { people, type SignedIn } from './support/people.ts'
import { startTestPostgres, type TestPostgres } from './support/postgres.ts'

let postgres: TestPostgres
let harbor: Instance
let ann: SignedIn
let room: string

beforeAll(async () => {
  postgres = await startTestPostgres()
  harbor = await startInstance(await postgres.database())
  const they = people(harbor)
  ann = (await they.register('ann')).body
  const made = await they.post<{ room: { id: string } }>(
    '/api/rooms',
    { name: 'r', kind: 'room' },
    undefined,
    ann.token,
  )
  room = made.body.room.id
})

afterAll(async () => {
  await harbor?.close()
  await postgres?.stop()
})

/** What fetch hides: the bytes as they came. */
async function get(path: string, headers: IncomingHttpHeaders = {}, method = 'GET', body?: string) {
  const sent = request(harbor.url + path, {
    method,
    agent: false,
    headers: {
      authorization: `Bearer ${ann.token}`,
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...headers,
    },
  }).end(body)
  const [answer] = await once(sent, 'response')
  return { status: answer.statusCode, headers: answer.headers as IncomingHttpHeaders, bytes: await buffer(answer) }
}

const write = (content: string) => get('/api/messages', {}, 'POST', JSON.stringify({ room_id: room, content }))
const page = () => `/api/messages?room=${room}`

it('leaves answers of up to 500 bytes as they are', async () => {
  await write('short')
  const { headers, bytes } = await get(page(), { 'accept-encoding': 'br, gzip' })
  expect(bytes.length).toBeLessThan(500)
  expect(headers['content-encoding']).toBeUndefined()
})

it('compresses larger ones as the client takes them, and every encoding is the same answer', async () => {
  await write('all work and no play '.repeat(100))
  const plain = await get(page())
  expect(plain.headers['content-encoding']).toBeUndefined()
  expect(plain.headers.vary).toBe('Authorization, Cookie, accept-encoding')
  for (const [accepted, encoding, unpack] of [
    ['gzip, deflate, br', 'br', brotliDecompressSync],
    ['gzip', 'gzip', gunzipSync],
  ] as const) {
    const packed = await get(page(), { 'accept-encoding': accepted })
    expect(packed.headers['content-encoding']).toBe(encoding)
    expect(packed.bytes.length).toBeLessThan(plain.bytes.length / 3)
    expect(unpack(packed.bytes)).toEqual(plain.bytes)
    expect(packed.headers.etag).toBe(plain.headers.etag)
    expect(packed.headers.vary).toBe(plain.headers.vary)
  }
  expect((await get(page(), { 'accept-encoding': 'br;q=0, gzip;q=0' })).headers['content-encoding']).toBeUndefined()
})

it('answers 304 without a body to whoever has it in another encoding', async () => {
  const { headers } = await get(page(), { 'accept-encoding': 'br' })
  expect(headers['content-encoding']).toBe('br')
  const again = await get(page(), { 'accept-encoding': 'gzip', 'if-none-match': headers.etag })
  expect(again).toMatchObject({ status: 304, headers: { etag: headers.etag, vary: headers.vary } })
  expect(again.headers['content-encoding']).toBeUndefined()
  expect(again.bytes.length).toBe(0)
})

it('never compresses tokens', async () => {
  const credentials = JSON.stringify({ refresh_token: ann.refresh_token })
  const signedIn = await get('/api/auth/refresh', { 'accept-encoding': 'br, gzip' }, 'POST', credentials)
  expect(signedIn.status).toBe(200)
  expect(signedIn.bytes.length).toBeGreaterThan(500)
  expect(signedIn.headers['content-encoding']).toBeUndefined()
})

it('sends files as they were given, with their ranges', async () => {
  const body = new FormData()
  body.append('room_id', room)
  body.append('file', new Blob([JSON.stringify('x'.repeat(5_000))], { type: 'application/json' }), 'x.json')
  const headers = { authorization: `Bearer ${ann.token}` }
  const { file } = (await (await fetch(`${harbor.url}/api/files`, { method: 'POST', headers, body })).json()) as {
    file: { id: string }
  }
  const part = await get(`/api/files/${file.id}`, { 'accept-encoding': 'br, gzip', range: 'bytes=0-999' })
  expect(part).toMatchObject({ status: 206, headers: { 'content-length': '1000' } })
  expect(part.headers['content-encoding']).toBeUndefined()
  expect(part.bytes.toString()).toBe(`"${'x'.repeat(999)}`)
})
