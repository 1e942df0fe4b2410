import { randomBytes } from 'node:crypto'
import { connect } from 'node:net'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Instance, startInstance } from './support/instance.ts'
import { type People, people, type SignedIn } from './support/people.ts'
import { startTestPostgres, type TestPostgres, withClient } from './support/postgres.ts'

let postgres: TestPostgres
let url: string
let harbor: Instance
let they: People
let ann: SignedIn
let eve: SignedIn

beforeAll(async () => {
  postgres = await startTestPostgres()
  url = await postgres.database()
  harbor = await startInstance(url)
  they = people(harbor)
  ann = (await they.register('ann')).body
  eve = (await they.register('eve')).body
})

afterAll(async () => {
  await harbor?.close()
  await postgres?.stop()
})

interface Stored {
  readonly file: { readonly id: string; readonly name: string; readonly size: number; readonly type: string }
}

/** One pixel. */
const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)

async function upload(bytes: Uint8Array, name: string, { query = '', type = 'text/plain' } = {}) {
  const body = new FormData()
  body.set('file', new Blob([Buffer.from(bytes)], { type }), name)
  return harbor.send<Stored>('POST', `/api/files${query}`, { body, headers: { authorization: `Bearer ${ann.token}` } })
}

const download = (id: string, headers: Record<string, string> = {}, user = ann) =>
  fetch(`${harbor.url}/api/files/${id}`, { headers: { authorization: `Bearer ${user.token}`, ...headers } })

it('gives back what it was given, whole and in ranges', async () => {
  const bytes = randomBytes(1_000_000)
  const { status, body } = await upload(bytes, 'ünïcode ☂.bin', { type: 'application/x-thing' })
  expect(status).toBe(201)
  expect(body.file).toMatchObject({ name: 'ünïcode ☂.bin', size: 1_000_000, type: 'application/x-thing' })
  const whole = await download(body.file.id)
  expect(whole.status).toBe(200)
  expect(Buffer.from(await whole.arrayBuffer()).equals(bytes)).toBe(true)
  expect(whole.headers.get('content-disposition')).toMatch(/^attachment; filename\*=UTF-8''/)
  for (const [range, start, end] of [
    ['0-0', 0, 0],
    ['262143-262144', 262_143, 262_144],
    ['-5', 999_995, 999_999],
    ['500000-', 500_000, 999_999],
  ] as const) {
    const part = await download(body.file.id, { range: `bytes=${range}` })
    expect(part.status).toBe(206)
    expect(part.headers.get('content-range')).toBe(`bytes ${start}-${end}/1000000`)
    expect(Buffer.from(await part.arrayBuffer()).equals(bytes.subarray(start, end + 1))).toBe(true)
  }
  expect((await download(body.file.id, { range: 'bytes=1000000-' })).status).toBe(416)
  expect((await download(body.file.id, { 'if-none-match': whole.headers.get('etag') ?? '' })).status).toBe(304)
  const list = await they.get<{ files: { id: string }[] }>('/api/files', ann.token)
  expect(list.body.files.map(({ id }) => id)).toContain(body.file.id)
})

it('takes 25 MB and no more, and keeps nothing of what is too large', async () => {
  const most = 25 * 1024 * 1024
  expect((await upload(new Uint8Array(most), 'most.bin')).status).toBe(201)
  expect((await upload(new Uint8Array(most + 1), 'more.bin')).status).toBe(413)
  await withClient(url, async (client) => {
    const { rows } = await client.query('SELECT count(*)::int AS n FROM files WHERE size IS NULL')
    expect(rows[0].n).toBe(0)
  })
})

it('keeps nothing of an upload that breaks off', async () => {
  const socket = connect(harbor.port, '127.0.0.1')
  socket.write(
    `POST /api/files HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${ann.token}\r\nContent-Length: 1000000\r\n` +
      'Content-Type: multipart/form-data; boundary=b\r\n\r\n--b\r\nContent-Disposition: form-data; name="file"; filename="half"\r\n\r\n',
  )
  socket.write(Buffer.alloc(600_000))
  const unfinished = () =>
    withClient(
      url,
      async (client) => (await client.query(`SELECT count(*)::int AS n FROM files WHERE size IS NULL`)).rows[0].n,
    )
  while ((await unfinished()) === 0) await new Promise(setImmediate)
  socket.destroy()
  while ((await unfinished()) > 0) await new Promise(setImmediate)
})

it('never takes a name for a path, and lets nothing run', async () => {
  for (const name of ['../../etc/passwd', '..\\..\\boot.ini', '/etc/passwd', '..', 'a\u0000b']) {
    const { status, body } = await upload(Buffer.from('x'), name)
    expect(status).toBe(201)
    expect(body.file.name).not.toMatch(/[/\\]|^\.\.?$|\0/)
  }
  for (const id of ['..%2f..%2fetc%2fpasswd', '../../etc/passwd', '%00', ann.user.id]) {
    expect([400, 404]).toContain((await download(id)).status)
  }
  const page = await upload(Buffer.from('<script>alert(1)</script>'), 'x.html', { type: 'text/html' })
  const shown = await download(page.body.file.id)
  expect(shown.headers.get('content-disposition')).toMatch(/^attachment/)
  expect(shown.headers.get('content-security-policy')).toBe("default-src 'none'; sandbox")
})

it('believes only the bytes that a file is an image, and shows no other', async () => {
  const image = (id: string) => download(id, { 'sec-fetch-dest': 'image' })
  const real = (await upload(png, 'a.txt', { type: 'text/plain' })).body.file
  expect(real).toMatchObject({ type: 'image/png', width: 1, height: 1 })
  const shown = await image(real.id)
  expect([shown.status, shown.headers.get('content-type')]).toEqual([200, 'image/png'])
  expect(shown.headers.get('content-disposition')).toMatch(/^inline/)
  expect(shown.headers.get('x-content-type-options')).toBe('nosniff')

  const script = '<script>alert(1)</script>'
  const svg = `<svg xmlns="http://www.w3.org/2000/svg">${script}</svg>`
  for (const [text, type, kept] of [
    [script, 'image/png', 'application/octet-stream'],
    [script, 'IMAGE/WEBP', 'application/octet-stream'],
    [svg, 'image/svg+xml', 'image/svg+xml'],
  ] as const) {
    const { file } = (await upload(Buffer.from(text), 'a.png', { type })).body
    expect([file.type, 'width' in file]).toEqual([kept, false])
    expect((await image(file.id)).status).toBe(404)
    const saved = await download(file.id)
    expect(await saved.text()).toBe(text)
    expect(saved.headers.get('content-disposition')).toMatch(/^attachment/)
  }
})

it('shows files to their owner and to the members of their room', async () => {
  const own = (await upload(Buffer.from('mine'), 'mine.txt')).body.file.id
  expect((await download(own, {}, eve)).status).toBe(404)
  const { body } = await they.post<{ room: { id: string } }>('/api/rooms', { name: 'r' }, undefined, ann.token)
  const room = body.room.id
  const shared = (await upload(Buffer.from('ours'), 'ours.txt', { query: `?room=${room}` })).body.file.id
  expect((await download(shared, {}, eve)).status).toBe(404)
  expect((await they.get(`/api/files?room=${room}`, eve.token)).status).toBe(403)
  await they.post(`/api/rooms/${room}/join`, {}, undefined, eve.token)
  expect(await (await download(shared, {}, eve)).text()).toBe('ours')
  expect((await they.get<{ files: [] }>(`/api/files?room=${room}`, eve.token)).body.files).toHaveLength(1)
})

it('refuses what is no upload', async () => {
  const headers = { authorization: `Bearer ${ann.token}`, 'content-type': 'multipart/form-data; boundary=b' }
  for (const body of [
    '',
    '--b--\r\n',
    '--b\r\n\r\n',
    '--b\r\nContent-Disposition: form-data; name="x"\r\n\r\n1\r\n--b--\r\n',
  ]) {
    const answer = await harbor.send('POST', '/api/files', { body, headers })
    expect(answer.status).toBe(400)
  }
  expect((await harbor.send('POST', '/api/files', harbor.json({}, ann.token))).status).toBe(415)
  expect((await harbor.send('POST', '/api/files', { body: new FormData() })).status).toBe(401)
})
