import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Instance, startInstance } from './support/instance.ts'
import { type People, people, type SignedIn } from './support/people.ts'
import { startTestPostgres, type TestPostgres, withClient } from './support/postgres.ts'
import { type Message, upTo } from './support/talk.ts'

let postgres: TestPostgres
let url: string
let harbor: Instance
let they: People
let ann: SignedIn
let bob: SignedIn
let eve: SignedIn

beforeAll(async () => {
  postgres = await startTestPostgres()
  url = await postgres.database()
  harbor = await startInstance(url)
  they = people(harbor)
  ann = (await they.register('ann')).body
  bob = (await they.register('bob')).body
  eve = (await they.register('eve')).body
})

afterAll(async () => {
  await harbor?.close()
  await postgres?.stop()
})

interface Room {
  readonly id: string
  readonly name: string
  readonly kind: string
}
interface Page {
  readonly messages: readonly Message[]
  readonly next_cursor: string | null
  readonly has_more: boolean
}

async function makeRoom(kind: 'room' | 'group' = 'room', name = 'r'): Promise<string> {
  const { status, body } = await they.post<{ room: Room }>('/api/rooms', { name, kind }, undefined, ann.token)
  expect(status).toBe(201)
  return body.room.id
}
const join = (room: string, user: SignedIn) => they.post(`/api/rooms/${room}/join`, {}, undefined, user.token)
const write = (user: SignedIn, body: object) =>
  they.post<{ message: Message }>('/api/messages', body, undefined, user.token)
const read = (query: string, user = ann) => they.get<Page>(`/api/messages?${query}`, user.token)

describe('rooms', () => {
  it('are made, listed page by page, joined and left', async () => {
    const ids: string[] = []
    for (let n = 0; n < 5; n++) ids.push(await makeRoom('group', `g${n}`))
    const seen: string[] = []
    for (let cursor: string | null = ''; cursor !== null; ) {
      const page: { body: { groups: readonly Room[]; next_cursor: string | null } } = await they.get(
        `/api/groups?limit=2${cursor && `&cursor=${cursor}`}`,
        bob.token,
      )
      seen.push(...page.body.groups.map(({ id }) => id))
      cursor = page.body.next_cursor
    }
    expect(seen).toEqual(ids)
    const room = ids[0] ?? ''
    expect((await they.get(`/api/rooms/${room}/members`, bob.token)).status).toBe(403)
    expect((await join(room, bob)).status).toBe(200)
    expect((await join(room, bob)).status).toBe(200)
    const members = await they.get<{ members: { user_id: string; name: string }[] }>(
      `/api/rooms/${room}/members`,
      bob.token,
    )
    expect(members.body.members.map(({ name }) => name).sort()).toEqual(['ann', 'bob'])
    const etag = members.headers.get('etag') ?? ''
    const again = () => they.get(`/api/rooms/${room}/members`, bob.token, { 'if-none-match': etag })
    expect((await again()).status).toBe(304)
    await join(room, eve)
    expect((await again()).status).toBe(200)
    expect((await they.post(`/api/rooms/${room}/leave`, {}, undefined, bob.token)).status).toBe(200)
    expect((await they.get(`/api/rooms/${room}/members`, bob.token)).status).toBe(403)
    const mine = await they.get<{ rooms: readonly Room[] }>('/api/rooms?joined=true', eve.token)
    expect(mine.body.rooms.map(({ id }) => id)).toContain(room)
  })

  it('say 304 until there is a new one, on every instance at once', async () => {
    const second = await startInstance(url)
    const first = await they.get('/api/rooms', ann.token)
    const etag = first.headers.get('etag') ?? ''
    const ask = (token = ann.token) =>
      people(second).get<{ rooms: Room[] }>('/api/rooms', token, { 'if-none-match': etag })
    expect((await ask()).status).toBe(304)
    const id = await makeRoom()
    const { status, body } = await ask()
    expect(status).toBe(200)
    expect(body.rooms.some((room) => room.id === id)).toBe(true)
    await second.close()
  })

  it('refuse what is not theirs', async () => {
    expect((await they.get('/api/rooms')).status).toBe(401)
    for (const query of ['limit=0', 'limit=101', 'limit=x', 'cursor=x', 'more=1']) {
      expect((await they.get(`/api/rooms?${query}`, ann.token)).status).toBe(400)
    }
    for (const body of [
      {},
      { name: '' },
      { name: 'x', kind: 'direct' },
      { name: 'x', created_by: 'y' },
      { name: 'a\0b' },
    ]) {
      expect((await they.post('/api/rooms', body, undefined, ann.token)).status).toBe(400)
    }
    expect((await they.post('/api/rooms/x/join', {}, undefined, ann.token)).status).toBe(400)
    expect((await they.post(`/api/rooms/${ann.user.id}/join`, {}, undefined, ann.token)).status).toBe(404)
  })
})

describe('messages', () => {
  it('are given newest first and oldest first, page by page', async () => {
    const room = await makeRoom()
    await Promise.all(upTo(130).map((n) => write(ann, { room_id: room, content: `${n}` })))
    const back: number[] = []
    for (let cursor: string | null = ''; cursor !== null; ) {
      const { body }: { body: Page } = await read(`room=${room}&limit=60${cursor && `&cursor=${cursor}`}`)
      back.push(...body.messages.map(({ seq }) => seq))
      expect(body.has_more).toBe(body.next_cursor !== null)
      cursor = body.next_cursor
    }
    expect(back).toEqual([...upTo(130)].reverse())
    const forth: number[] = []
    for (let more = true; more; ) {
      const { body } = await read(`room=${room}&after_seq=${forth.length}&limit=60`)
      forth.push(...body.messages.map(({ seq }) => seq))
      more = body.has_more
    }
    expect(forth).toEqual(upTo(130))
    expect((await read(`room=${room}`)).body.messages).toHaveLength(50)
    expect((await read(`room=${room}&after_seq=130`)).body).toEqual({
      messages: [],
      next_cursor: null,
      has_more: false,
    })
    expect((await read(`room=${await makeRoom()}`)).body).toEqual({ messages: [], next_cursor: null, has_more: false })
  })

  it('say 304 until there is a new one', async () => {
    const room = await makeRoom()
    await write(ann, { room_id: room, content: 'one' })
    const etag = (await read(`room=${room}`)).headers.get('etag') ?? ''
    const again = () => they.get(`/api/messages?room=${room}`, ann.token, { 'if-none-match': etag })
    expect((await again()).status).toBe(304)
    await write(ann, { room_id: room, content: 'two' })
    expect((await again()).status).toBe(200)
  })

  it('are stored once for each client_id in a room, also when sent at the same time', async () => {
    const room = await makeRoom()
    const all = await Promise.all(upTo(10).map(() => write(ann, { room_id: room, content: 'x', client_id: 'same' })))
    expect(new Set(all.map(({ body }) => body.message.id)).size).toBe(1)
    expect(all.every(({ status }) => status === 201)).toBe(true)
    expect((await write(ann, { room_id: room, content: 'y' })).body.message.seq).toBe(2)
  })

  it('reach someone without a room', async () => {
    const first = await write(ann, { recipient_id: bob.user.id, content: 'psst' })
    expect(first.status).toBe(201)
    const room = first.body.message.room_id
    expect((await write(bob, { recipient_id: ann.user.id, content: 'what' })).body.message).toMatchObject({
      room_id: room,
      seq: 2,
    })
    expect((await read(`room=${room}`, bob)).body.messages.map(({ content }) => content)).toEqual(['what', 'psst'])
    expect((await read(`room=${room}`, eve)).status).toBe(403)
    expect((await join(room, eve)).status).toBe(403)
    expect((await write(ann, { recipient_id: room, content: 'x' })).status).toBe(404)
  })

  it('stay with the members of their room', async () => {
    const room = await makeRoom()
    await write(ann, { room_id: room, content: 'secret word' })
    expect((await read(`room=${room}`, eve)).status).toBe(403)
    expect((await read(`room=${room}&after_seq=0`, eve)).status).toBe(403)
    expect((await write(eve, { room_id: room, content: 'x' })).status).toBe(403)
    expect((await they.get(`/api/messages/search?q=secret&room=${room}`, eve.token)).status).toBe(403)
    expect((await they.get<{ messages: [] }>('/api/messages/search?q=secret', eve.token)).body.messages).toEqual([])
    expect((await they.get<{ messages: [] }>('/api/messages/search?q=secret', ann.token)).body.messages).toHaveLength(1)
  })

  it('are refused with wrong bodies and queries', async () => {
    const room = await makeRoom()
    const wrong = [
      {},
      { content: 'x' },
      { room_id: room },
      { room_id: room, recipient_id: bob.user.id, content: 'x' },
      { room_id: room, content: '' },
      { room_id: room, content: 'a\0' },
      { room_id: room, content: 7 },
      { room_id: room, content: 'x', seq: 9 },
      { room_id: room, content: 'x', sender_id: bob.user.id },
      { room_id: room.toUpperCase(), content: 'x' },
    ]
    for (const body of wrong) expect((await write(ann, body)).status).toBe(400)
    for (const query of [
      '',
      'room=x',
      `room=${room}&after_seq=-1`,
      `room=${room}&cursor=zzz`,
      `room=${room}&cursor=YmVmb3JlMQ&after_seq=1`,
    ]) {
      expect((await read(query)).status).toBe(400)
    }
  })

  it('come back as they were written, whatever they hold', async () => {
    const room = await makeRoom()
    const contents = [
      '<script>alert(1)</script>',
      `'; DROP TABLE messages; --`,
      '{{7*7}} %s %00',
      '\u2028 \u202e ☂ 👻',
      '{"__proto__":1}',
    ]
    for (const content of contents) await write(ann, { room_id: room, content })
    const answer = await read(`room=${room}&after_seq=0`)
    expect(answer.body.messages.map(({ content }) => content)).toEqual(contents)
    expect(answer.headers.get('content-type')).toMatch(/^application\/json/)
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff')
    const found = await they.get<{ messages: { highlight: string }[] }>('/api/messages/search?q=alert', ann.token)
    expect(found.body.messages[0]?.highlight).toContain('&lt;script&gt;<mark>alert</mark>')
  })
})

it('finds words, best first, and nothing that is encrypted', async () => {
  const room = await makeRoom()
  await write(ann, { room_id: room, content: 'the harbor in fog' })
  await write(ann, { room_id: room, content: 'harbor harbor harbor' })
  await write(ann, { room_id: room, content: 'harbor', encrypted: true })
  await write(ann, { room_id: room, content: 'a ship' })
  const { body } = await they.get<{ messages: { content: string; rank: number; highlight: string }[] }>(
    `/api/messages/search?q=harbor&room=${room}`,
    ann.token,
  )
  expect(body.messages.map(({ content }) => content)).toEqual(['harbor harbor harbor', 'the harbor in fog'])
  expect(body.messages[1]?.highlight).toBe('the <mark>harbor</mark> in fog')
  for (const q of ['%27%3B', '%22', '-', '%26%7C!', 'a'.repeat(200)]) {
    expect((await they.get(`/api/messages/search?q=${q}`, ann.token)).status).toBe(200)
  }
  expect((await they.get('/api/messages/search?q=', ann.token)).status).toBe(400)
})

describe('Postgres', () => {
  it('is asked a fixed number of statements, however long the page', async () => {
    const room = await makeRoom()
    await Promise.all(upTo(100).map((n) => write(ann, { room_id: room, content: `${n}` })))
    for (const user of [bob, eve]) await join(room, user)
    const count = async (path: string) => {
      const before = harbor.metrics.statements()
      expect((await they.get(path, ann.token)).status).toBe(200)
      return harbor.metrics.statements() - before
    }
    for (const limit of [1, 100]) {
      expect(await count(`/api/messages?room=${room}&limit=${limit}`)).toBeLessThanOrEqual(2)
      expect(await count(`/api/rooms/${room}/members?limit=${limit}`)).toBeLessThanOrEqual(2)
      expect(await count(`/api/rooms?limit=${limit}`)).toBeLessThanOrEqual(2)
      expect(await count(`/api/messages/search?q=1&room=${room}&limit=${limit}`)).toBeLessThanOrEqual(4)
    }
    expect(await count(`/api/messages?room=${room}&limit=100`)).toBe(1)
    expect(await harbor.metrics.registry.metrics()).toMatch(/cache_hits_total\{cache="messages"\} [1-9]/)
  })

  it('reads a page of messages by the index', async () => {
    await withClient(url, async (client) => {
      const room = await makeRoom()
      await client.query(
        `INSERT INTO messages (room_id, seq, sender_id, content, encrypted) SELECT $1, n, $2, 'x', false FROM generate_series(1, 20000) n`,
        [room, ann.user.id],
      )
      await client.query('ANALYZE messages')
      const explain = async (sql: string, ...values: unknown[]) =>
        JSON.stringify((await client.query(`EXPLAIN (FORMAT JSON) ${sql}`, values)).rows)
      const page = await explain(
        'SELECT * FROM messages WHERE room_id = $1 AND seq BETWEEN 9000 AND 9050 ORDER BY seq DESC',
        room,
      )
      expect(page).toContain('"Index Name":"messages_pkey"')
      expect(page).not.toContain('"Node Type":"Sort"')
      const after = await explain('SELECT * FROM messages WHERE room_id = $1 AND seq > 100 ORDER BY seq LIMIT 50', room)
      expect(after).toContain('"Index Name":"messages_pkey"')
      const words = await explain(
        `SELECT * FROM messages WHERE NOT encrypted AND to_tsvector('simple', translate(content, '<>', '  ')) @@ websearch_to_tsquery('simple', 'rare')`,
      )
      expect(words).toContain('messages_words')
    })
  })
})
