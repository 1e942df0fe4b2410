import { once } from 'node:events'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { type Instance, startInstance } from './support/instance.ts'
import { type People, people, type SignedIn } from './support/people.ts'
import { startTestPostgres, type TestPostgres } from './support/postgres.ts'
import { dialPlain, dialSocketIo, type Talker } from './support/talk.ts'

let postgres: TestPostgres
let harbor: Instance
let they: People
let ann: SignedIn
let room: string
let document: string

beforeAll(async () => {
  postgres = await startTestPostgres()
  harbor = await startInstance(await postgres.database(), { environment: { HARBOR_SECURITY: 'none' } })
  they = people(harbor)
  ann = (await they.register('ann')).body
  room = (await they.post<{ room: { id: string } }>('/api/rooms', { name: 'r' }, undefined, ann.token)).body.room.id
  const made = await they.post<{ document: { id: string } }>('/api/documents', { title: 'd' }, undefined, ann.token)
  document = made.body.document.id
})

afterAll(async () => {
  await harbor?.close()
  await postgres?.stop()
})

const names = [
  'room:join',
  'room:leave',
  'message:send',
  'presence:set',
  'doc:open',
  'doc:submit',
  'cursor:move',
  'nope',
  '__proto__',
  'constructor',
]
const anyText = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('', '\0', '\ud800', 'away', 'x'.repeat(40_000)))
const anyValue = fc.oneof(
  anyText,
  fc.jsonValue(),
  fc.constantFrom(
    null,
    true,
    -1,
    0.5,
    1e308,
    2 ** 53,
    [],
    {},
    [[[]]],
    [{ d: 1 }],
    [1, 'x'],
    [1e15, 'x'],
    [{ d: 1e300 }],
  ),
)
/** Fields that are right as often as not, so that the fuzz reaches what lies behind the first check. */
const payload = fc.oneof(
  fc.record(
    {
      room_id: fc.oneof(fc.constant('ROOM'), anyValue),
      document_id: fc.oneof(fc.constant('DOCUMENT'), anyValue),
      content: fc.oneof(fc.constant('x'), anyValue),
      client_id: anyValue,
      after_seq: fc.oneof(fc.nat(), anyValue),
      version: fc.oneof(fc.nat({ max: 3 }), anyValue),
      op: fc.oneof(fc.array(fc.oneof(fc.nat(), fc.string(), fc.record({ d: fc.nat({ max: 5 }) }))), anyValue),
      position: fc.oneof(fc.nat(), anyValue),
      anchor: anyValue,
      status: fc.oneof(fc.constant('away'), anyValue),
      encrypted: anyValue,
    },
    { requiredKeys: [] },
  ),
  fc.record({ room_id: fc.constant('ROOM'), content: anyText }),
  fc.record({ document_id: fc.constant('DOCUMENT'), version: fc.nat({ max: 3 }), op: fc.array(anyValue) }),
  anyValue,
)

const fill = (value: unknown): unknown =>
  JSON.parse(
    JSON.stringify(value ?? null)
      .replaceAll('"ROOM"', `"${room}"`)
      .replaceAll('"DOCUMENT"', `"${document}"`),
  )

it.each([
  ['Socket.IO', dialSocketIo],
  ['plain WebSocket', dialPlain],
])('answers every event over %s, whatever it holds', async (_name, dial) => {
  let talker: Talker | undefined
  let isOpen = false
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...names), payload, async (name, value) => {
      if (!isOpen || talker === undefined) {
        talker = await dial(harbor.url, ann.token)
        isOpen = true
        void talker.closed.then(() => {
          isOpen = false
        })
      }
      // The one who is sent away in between gets no answer.
      const answer = await Promise.race([
        talker.ask(name, fill(value)).catch(() => undefined),
        talker.closed.then(() => undefined),
      ])
      if (answer === undefined) return
      expect(typeof answer.ok).toBe('boolean')
      if (!answer.ok) {
        expect(answer.error).toEqual({ code: expect.any(String), message: expect.any(String) })
        expect(answer.error?.code).not.toBe('internal')
      }
    }),
    { numRuns: 600 },
  )
  talker?.close()
  expect((await they.get('/health')).status).toBe(200)
})

it('survives frames that are no JSON, packets that are none, and what is too large', async () => {
  for (const data of [
    '',
    '{',
    '[]',
    'null',
    '7',
    '{"type":7}',
    '{"type":"room:join","id":{}}',
    Buffer.from([1, 2, 3]),
    'x'.repeat(2_000_000),
  ]) {
    const socket = new WebSocket(`${harbor.url.replace('http', 'ws')}/ws?token=${ann.token}`)
    socket.on('error', () => undefined)
    await once(socket, 'open')
    socket.send(data)
    const answer = await Promise.race([once(socket, 'message'), once(socket, 'close')])
    if (Buffer.isBuffer(answer[0])) expect(JSON.parse(String(answer[0]))).toMatchObject({ type: 'ack', ok: false })
    socket.terminate()
  }
  for (const data of [
    '',
    '4',
    '42',
    '42[]',
    '42["room:join"',
    '42[7]',
    '459-["x",{"_placeholder":true,"num":0}]',
    '9',
    Buffer.from([0]),
    '40/admin,',
    '44',
    '43[]',
  ]) {
    const socket = new WebSocket(`${harbor.url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`)
    socket.on('error', () => undefined)
    const greeting = once(socket, 'message')
    await once(socket, 'open')
    socket.send(`40${JSON.stringify({ token: ann.token })}`)
    socket.send(data)
    socket.send(data)
    await greeting
    socket.terminate()
  }
  expect((await they.get('/health')).status).toBe(200)
})

it('still brings messages after all that', async () => {
  const talker = await dialPlain(harbor.url, ann.token)
  const { seq } = await talker.ask('room:join', { room_id: room })
  expect(await talker.ask('message:send', { room_id: room, content: 'well' })).toMatchObject({
    ok: true,
    message: { seq: seq + 1 },
  })
  talker.close()
})
