import { arrivals, journey, plan, type SetupContext, type User, type UserSocketIo, users } from 'plimsoll'
import { insert, length, type Operation, remove } from './harbor/operations.ts'
import { makeRooms, type Person, personOf, post, register } from './harbor/people.ts'
import { harbor, harborProbes, ownPostgres, withoutLimits } from './harbor/system.ts'

/**
 * The benchmarks and load tests of the Time Warp editor ("Performance Benchmarks & Deployment Checklist"), run against
 * harbor: everybody writes in one document and talks beside it. What no client can see (a transformation's time, bytes of
 * an operation) is in harbor's tests and benchmarks; docs/seeds.md says where.
 */

interface Studio {
  readonly people: readonly Person[]
  readonly documentId: string
  readonly roomId: string
}

/** Users of its tests; more are the same people on further devices. */
const mostPeople = 50

async function furnish(context: SetupContext): Promise<Studio> {
  const people = await register(context, mostPeople)
  const [roomId] = await makeRooms(context, people, { count: 1, size: people.length })
  const title = 'Everybody writes here'
  const { document } = await post<{ document: { id: string } }>(context.http, personOf(people, 0), '/api/documents', {
    title,
  })
  if (roomId === undefined) throw new Error('there is no room')
  return { people, documentId: document.id, roomId }
}

/** What an editor knows of the document: enough to make operations that fit, and no text, which nobody reads here. */
interface Editor {
  readonly person: Person
  readonly socket: UserSocketIo
  version: number
  length: number
}

/** Longer than this, and people rather delete. */
const longest = 10_000

async function open(user: User<Studio>): Promise<void> {
  const { documentId, roomId } = user.data
  const person = personOf(user.data.people, user.id - 1)
  const socket = await user.io('/', { auth: { token: person.token } })
  const editor: Editor = { person, socket, version: 0, length: 0 }
  const openDocument = async () => {
    const { version, content } = await socket.request<Document>('doc:open', { document_id: documentId })
    if (version < editor.version) return
    Object.assign(editor, { version, length: [...content].length })
  }
  socket.on('doc:op', ({ version, op }: { version: number; op: Operation }) => {
    if (version !== editor.version + 1) return
    editor.version = version
    editor.length += length(op)
  })
  await socket.request('room:join', { room_id: roomId })
  await openDocument()
  Object.assign(user.state, { editor, openDocument })
}

interface Document {
  readonly version: number
  readonly content: string
}

const editorOf = (user: User<Studio>): Editor => user.state['editor']

/** An acknowledgement that says no is no failure of the socket's: it is a check that fails. */
async function ask(user: User<Studio>, event: string, payload: object): Promise<void> {
  const answer = await editorOf(user).socket.request<{ ok: boolean }>(event, payload)
  user.check(answer, { 'is acknowledged': ({ ok }) => ok })
}

async function type(user: User<Studio>): Promise<void> {
  const { version, length: size } = editorOf(user)
  const place = user.random.integer(0, size)
  const op = size > longest || (size > 100 && user.random.chance(0.2)) ? remove(place, 5, size) : insert(place, 'word ')
  await ask(user, 'doc:submit', { document_id: user.data.documentId, version, op, client_id: user.unique('op') })
}

const say = (user: User<Studio>): Promise<void> =>
  ask(user, 'message:send', { room_id: user.data.roomId, client_id: user.unique('m'), content: 'Test message' })

const moveCursor = (user: User<Studio>): Promise<void> =>
  ask(user, 'cursor:move', {
    document_id: user.data.documentId,
    position: user.random.integer(0, editorOf(user).length),
  })

/** As after a time offline: the whole document anew, once through the socket and once as a page does it. */
async function sync(user: User<Studio>): Promise<void> {
  await user.state['openDocument']()
  const { person } = editorOf(user)
  const answer = await user.http.get(`/api/documents/${user.data.documentId}`, { auth: { bearer: person.token } })
  user.check(answer, { 'is whole': (got) => got.json<Document>().version > 0 })
}

const think = '100ms..300ms'
const editing = [
  journey('send text', { weight: 5, think }, type),
  journey('send a message', { weight: 4, think }, say),
  journey('move the cursor', { weight: 5, think }, moveCursor),
  journey('sync the document', { weight: 1, think }, sync),
]

/** Without a pause: for targets given as so many a second. */
const typing = journey('typing', type)
const talking = journey('talking', say)
const visit = journey<Studio>('visit', async (user) => {
  const socket = await user.io('/', { auth: { token: editorOf(user).person.token } })
  socket.close()
})

/** "10 users: 95%+ success, <300ms latency" and so on: of all that is acknowledged. */
const acknowledged = (p95: `< ${number}ms`) => ({
  'ack doc:submit': { p95 },
  'ack message:send': { p95 },
  'ack cursor:move': { p95 },
  'ack doc:open': { p95 },
})

export default plan({
  name: 'Time Warp',
  system: harbor(withoutLimits),
  probes: harborProbes,
  setup: furnish,
  begin: open,
  journeys: [...editing, typing, talking, visit],
  deliveries: {
    message: {
      join: { event: 'room:join', room: 'room_id', seq: 'seq' },
      publish: { event: 'message:send', room: 'room_id', key: 'client_id', seq: 'message.seq' },
      receive: { event: 'message', room: 'room_id', key: 'client_id', seq: 'seq' },
    },
    operation: {
      join: { event: 'doc:open', room: 'document_id', seq: 'version' },
      publish: { event: 'doc:submit', room: 'document_id', key: 'client_id', seq: 'version' },
      receive: { event: 'doc:op', room: 'document_id', key: 'client_id', seq: 'version' },
    },
  },

  profiles: {
    /** "Concurrent users 20+", and the latency table. */
    smoke: {
      load: users(20)
        .for('25s')
        .journeys(...editing),
      warmUp: '3s',
    },

    /** "Concurrent Users Test". */
    '10-users': {
      load: users(10)
        .for('1m')
        .journeys(...editing),
      warmUp: '3s',
      thresholds: { ...acknowledged('< 300ms'), errors: '<= 5%' },
    },
    '20-users': {
      load: users(20)
        .for('1m')
        .journeys(...editing),
      warmUp: '3s',
      thresholds: { ...acknowledged('< 500ms'), errors: '<= 10%' },
    },
    '50-users': {
      load: users(50)
        .for('1m')
        .journeys(...editing),
      warmUp: '3s',
      thresholds: { ...acknowledged('< 1000ms'), errors: '<= 20%' },
    },

    /** "Throughput Test" and the table "Throughput Targets", all at once; a little more arrives than is wanted. */
    throughput: {
      load: [
        arrivals(105).for('1m').journeys(typing).named('operations').max(20),
        arrivals(53).for('1m').journeys(talking).named('messages').max(10),
        arrivals(11).for('1m').journeys(visit).named('connections').max(10),
        users(20)
          .for('1m')
          .journeys(...editing)
          .named('editors'),
      ],
      warmUp: '5s',
      thresholds: {
        'ack doc:submit': { rate: '>= 100/s', p99: '< 500ms' },
        'ack message:send': { rate: '>= 50/s' },
        'socketio connect': { rate: '>= 10/s' },
      },
    },
  },

  thresholds: {
    // The table "Latency Targets".
    'ack doc:submit': { p95: '< 200ms' },
    'ack message:send': { p95: '< 300ms' },
    'ack doc:open': { p95: '< 500ms' },
    'ack cursor:move': { p95: '< 100ms' },
    // Nothing that was acknowledged may be missing anywhere, or documents would differ.
    'delivery operation': { lost: '= 0', duplicated: '= 0', 'out of order': '= 0' },
    'delivery message': { lost: '= 0', duplicated: '= 0', foreign: '= 0' },
    // "Database Performance Test": full sync, query errors; "Throughput Test": error rate.
    'GET /api/documents/:id': { p95: '< 100ms' },
    errors: '< 1%',
    checks: '> 99%',
    // "CPU usage < 70%", of "Monitor performance metrics".
    process: { cpu: '< 70%' },
    // "<50ms per insert"; "DB connection pool > 80%" would be a warning: of 10 and 20 above it.
    postgres: { connections: '< 24', ...(ownPostgres ? { 'query p95': '< 50ms' } : {}) },
  },
})
