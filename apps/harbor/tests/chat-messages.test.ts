import { once } from 'node:events'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { type Instance, startInstance } from './support/instance.ts'
import { type People, people, type SignedIn } from './support/people.ts'
import { startTestPostgres, type TestPostgres } from './support/postgres.ts'
import { dialPlain, inbox, type Message, type Talker, transports, upTo } from './support/talk.ts'

let postgres: TestPostgres
let harbor: Instance
let they: People
let ann: SignedIn
let bob: SignedIn
let eve: SignedIn
const open: Talker[] = []

beforeAll(async () => {
  postgres = await startTestPostgres()
  harbor = await startInstance(await postgres.database())
  they = people(harbor)
  ann = (await they.register('ann')).body
  bob = (await they.register('bob')).body
  eve = (await they.register('eve')).body
})

afterAll(async () => {
  for (const talker of open) talker.close()
  await harbor?.close()
  await postgres?.stop()
})

async function makeRoom(...members: readonly SignedIn[]): Promise<string> {
  const { body } = await they.post<{ room: { id: string } }>('/api/rooms', { name: 'r' }, undefined, ann.token)
  for (const member of members) await they.post(`/api/rooms/${body.room.id}/join`, {}, undefined, member.token)
  return body.room.id
}

describe.each(transports)('over %s', (_name, dial) => {
  const call = async (user: SignedIn, options = {}) => {
    const talker = await dial(harbor.url, user.token, options)
    open.push(talker)
    return talker
  }

  it('brings a message to everyone in the room, and its number to the sender', async () => {
    const room = await makeRoom(bob)
    const [a, b] = [await call(ann), await call(bob)]
    const [atA, atB] = [inbox(a), inbox(b)]
    expect(await a.ask('room:join', { room_id: room })).toEqual(
      expect.objectContaining({ ok: true, seq: 0, missed: [], more: false }),
    )
    await b.ask('room:join', { room_id: room })
    const { ok, message } = await a.ask('message:send', { room_id: room, content: 'hello ☂', client_id: 'c1' })
    expect(ok).toBe(true)
    expect(message).toEqual({
      id: expect.any(String),
      room_id: room,
      seq: 1,
      sender_id: ann.user.id,
      content: 'hello ☂',
      client_id: 'c1',
      created_at: expect.stringMatching(/^\d{4}-.*Z$/),
    })
    expect(await atB.count(1)).toEqual([message])
    expect(await atA.count(1)).toEqual([message])
    const again = await a.ask('message:send', { room_id: room, content: 'hello ☂', client_id: 'c1' })
    expect(again.message).toEqual(message)
    await a.ask('message:send', { room_id: room, content: 'next' })
    await atB.count(2)
    expect(atB.seqs()).toEqual([1, 2])
  })

  it('gives what was missed, then what comes, without a gap', async () => {
    const room = await makeRoom(bob)
    const a = await call(ann)
    await Promise.all(upTo(700).map((n) => a.ask('message:send', { room_id: room, content: `${n}` })))
    const b = await call(bob)
    const atB = inbox(b)
    const got: Message[] = []
    for (let after = 0, more = true; more; after = got.length) {
      const answer = await b.ask('room:join', { room_id: room, after_seq: after })
      expect(answer).toMatchObject({ ok: true, seq: 700 })
      got.push(...answer.missed)
      more = answer.more
    }
    expect(got.map(({ seq }) => seq)).toEqual(upTo(700))
    await a.ask('message:send', { room_id: room, content: 'new' })
    await atB.count(1)
    expect(atB.seqs()).toEqual([701])
  })

  it('misses and doubles nothing when someone joins while others write', async () => {
    const room = await makeRoom(bob)
    const a = await call(ann)
    const writing = Promise.all(upTo(300).map((n) => a.ask('message:send', { room_id: room, content: `${n}` })))
    const joined = await Promise.all(
      upTo(5).map(async () => {
        const b = await call(bob)
        const atB = inbox(b)
        const { missed, more } = await b.ask('room:join', { room_id: room, after_seq: 0 })
        expect(more).toBe(false)
        return { missed, atB }
      }),
    )
    await writing
    for (const { missed, atB } of joined) {
      await atB.count(300 - missed.length)
      expect([...missed.map(({ seq }) => seq), ...atB.seqs()]).toEqual(upTo(300))
    }
  })

  it('gives batches, in order, to those who want them', async () => {
    const room = await makeRoom(bob)
    const [a, b] = [await call(ann), await call(bob, { batch: true })]
    const atB = inbox(b)
    await b.ask('room:join', { room_id: room })
    await Promise.all(upTo(200).map((n) => a.ask('message:send', { room_id: room, content: `${n}` })))
    await atB.count(200)
    expect(atB.seqs()).toEqual(upTo(200))
  })

  it('keeps strangers out, and says so', async () => {
    const room = await makeRoom()
    const e = await call(eve)
    expect(await e.ask('room:join', { room_id: room })).toMatchObject({ ok: false, error: { code: 'forbidden' } })
    expect(await e.ask('message:send', { room_id: room, content: 'x' })).toMatchObject({
      ok: false,
      error: { code: 'forbidden' },
    })
    const nowhere = '00000000-0000-4000-8000-000000000000'
    expect(await e.ask('message:send', { room_id: nowhere, content: 'x' })).toMatchObject({
      ok: false,
      error: { code: 'not_found' },
    })
    expect(await e.ask('room:join', { room_id: 'x' })).toMatchObject({ ok: false, error: { code: 'invalid_request' } })
    expect(await e.ask('room:join', { room_id: room, more: 1 })).toMatchObject({ ok: false })
    expect(await e.ask('nothing:such', {})).toMatchObject({ ok: false })
  })

  it('tells status and membership', async () => {
    const room = await makeRoom(bob)
    const [a, b] = [await call(ann), await call(bob)]
    await a.ask('room:join', { room_id: room })
    await b.ask('room:join', { room_id: room })
    const presence = new Promise((resolve) => a.on('presence', resolve))
    expect(await b.ask('presence:set', { status: 'away' })).toMatchObject({ ok: true })
    expect(await presence).toEqual({ room_id: room, user_id: bob.user.id, status: 'away' })
    const member = new Promise((resolve) => a.on('room:member', resolve))
    await they.post(`/api/rooms/${room}/join`, {}, undefined, eve.token)
    expect(await member).toEqual({ room_id: room, user_id: eve.user.id, name: 'eve', change: 'joined' })
    const offline = new Promise((resolve) => a.on('presence', resolve))
    b.close()
    expect(await offline).toEqual({ room_id: room, user_id: bob.user.id, status: 'offline' })
  })

  it('stops to bring messages after room:leave', async () => {
    const room = await makeRoom(bob)
    const [a, b] = [await call(ann), await call(bob)]
    const atB = inbox(b)
    await b.ask('room:join', { room_id: room })
    await b.ask('room:leave', { room_id: room })
    await a.ask('message:send', { room_id: room, content: 'x' })
    await b.ask('room:join', { room_id: room })
    expect(atB.messages).toEqual([])
  })

  it('stops to bring messages to who left the room by another way', async () => {
    const room = await makeRoom(bob)
    const [a, b] = [await call(ann), await call(bob)]
    const atB = inbox(b)
    const atA = inbox(a)
    await a.ask('room:join', { room_id: room })
    await b.ask('room:join', { room_id: room })
    await they.post(`/api/rooms/${room}/leave`, {}, undefined, bob.token)
    await a.ask('message:send', { room_id: room, content: 'x' })
    await atA.count(1)
    expect(await b.ask('room:join', { room_id: room })).toMatchObject({ ok: false, error: { code: 'forbidden' } })
    expect(atB.messages).toEqual([])
  })

  it('sends away who sends nonsense again and again', async () => {
    const e = await call(eve)
    for (let n = 0; n < 40; n++) void e.ask('message:send', { room_id: n }).catch(() => undefined)
    await e.closed
  })

  it('lets nobody in without a good token', async () => {
    await expect(dial(harbor.url, 'no token')).rejects.toThrow()
  })

  it('ends the connections of a session that is logged out', async () => {
    const { body } = await they.login('eve')
    const e = await dial(harbor.url, body.token)
    await they.logout(body.token)
    await e.closed
  })
})

it('tells who sends a frame that is none what a frame is', async () => {
  const socket = new WebSocket(`${harbor.url.replace('http', 'ws')}/ws?token=${ann.token}`)
  await once(socket, 'open')
  for (const frame of ['{bad json', '[]', Buffer.from('{}'), '{}', '{"type":"nope","id":1}']) {
    socket.send(frame)
    const [data] = await once(socket, 'message')
    const { ok, id, error } = JSON.parse(String(data))
    const message = id === 1 ? 'There is no such event.' : 'A frame is text: a JSON object with a type.'
    expect({ ok, error }).toEqual({ ok: false, error: { code: 'invalid_request', message } })
  }
  socket.close()
})

it('ends a plain connection that does not read, and lets it catch up', async () => {
  const room = await makeRoom(bob)
  const writer = await dialPlain(harbor.url, ann.token)
  open.push(writer)
  const slow = new WebSocket(`${harbor.url.replace('http', 'ws')}/ws?token=${bob.token}`)
  await once(slow, 'open')
  slow.send(JSON.stringify({ type: 'room:join', id: 1, room_id: room }))
  await once(slow, 'message')
  slow.pause()
  const content = 'x'.repeat(30_000)
  for (let batch = 0; batch < 25; batch++) {
    await Promise.all(upTo(20).map(() => writer.ask('message:send', { room_id: room, content })))
  }
  const seqs: number[] = []
  slow.on('message', (data) => seqs.push(JSON.parse(String(data)).seq))
  slow.resume()
  await once(slow, 'close')
  expect(seqs.length).toBeLessThan(500)
  expect(seqs).toEqual(upTo(seqs.length))
  const back = await dialPlain(harbor.url, bob.token)
  open.push(back)
  for (let more = true; more; ) {
    const answer = await back.ask('room:join', { room_id: room, after_seq: seqs.length })
    seqs.push(...answer.missed.map(({ seq }) => seq))
    more = answer.more
  }
  expect(seqs).toEqual(upTo(500))
})
