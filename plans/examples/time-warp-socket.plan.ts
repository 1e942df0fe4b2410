import { arrivals, env, journey, plan, type User, type UserSocketIo, users } from 'plimsoll'

/**
 * The socket targets of the Time Warp editor ("Performance Benchmarks & Deployment Checklist"), run against the example
 * server beside this file. The rows of its tables "Latency Targets" and "Throughput Targets" are thresholds below;
 * "Transform operation" is not among them, since it is a function inside its server, which no client sees.
 */

const port = env('PORT', { default: 3102 })

interface State {
  readonly socket: UserSocketIo
}

/** Everybody in one document, as in its tests. */
const room_id = 'document'

async function open(user: User): Promise<void> {
  const socket = await user.io('/')
  await socket.request('room:join', { room_id })
  user.state['socket'] = socket
}

const text = async (user: User): Promise<void> => {
  const { socket } = user.state as State
  const client_id = user.unique('op')
  await socket.request('text:send', { room_id, client_id, position: user.random.integer(0, 2000), text: 'word ' })
}
const message = async (user: User): Promise<void> => {
  const { socket } = user.state as State
  await socket.request('message:send', { room_id, client_id: user.unique('m'), content: 'Test message' })
}

const pace = { think: '100ms..300ms' } as const
const editing = [
  journey('send text', { weight: 5, ...pace }, text),
  journey('send a message', { weight: 4, ...pace }, message),
  journey('move the cursor', { weight: 5, ...pace }, async (user) => {
    const { socket } = user.state as State
    await socket.request('cursor:update', { room_id, position: user.random.integer(0, 2000) })
  }),
  journey('sync the document', { weight: 1, ...pace }, async (user) => {
    const { socket } = user.state as State
    await socket.request('document:sync', { room_id })
  }),
]

/** Connects and goes: for "Connections/sec". */
const visit = journey('visit', async (user) => {
  const socket = await user.io('/')
  socket.close()
})
const talk = journey('talk', message)
const type = journey('type', text)

/** "10 users: 95 % success, < 300 ms" and so on: of all that is acknowledged. */
const acknowledged = (p95: `< ${number}ms`) => ({
  'ack text:send': { p95 },
  'ack message:send': { p95 },
  'ack cursor:update': { p95 },
  'ack document:sync': { p95 },
})

export default plan({
  name: 'Time Warp sockets',
  system: {
    url: `http://127.0.0.1:${port}`,
    start: { command: 'node chat-server.mjs', env: { PORT: port } },
    ready: '/health',
  },
  begin: open,
  journeys: [...editing, talk, type, visit],
  deliveries: {
    message: {
      join: { event: 'room:join', room: 'room_id', seq: 'seq' },
      publish: { event: 'message:send', room: 'room_id', key: 'client_id', seq: 'seq' },
      receive: { event: 'message', room: 'room_id', key: 'client_id', seq: 'seq' },
    },
  },

  profiles: {
    /** "Concurrent users 20+", and the latency table. */
    smoke: {
      load: users(20)
        .for('20s')
        .journeys(...editing),
      thresholds: { errors: '< 1%' },
    },

    /** "Concurrent Users Test". */
    '10-users': {
      load: users(10)
        .for('1m')
        .journeys(...editing),
      thresholds: { ...acknowledged('< 300ms'), errors: '<= 5%' },
    },
    '20-users': {
      load: users(20)
        .for('1m')
        .journeys(...editing),
      thresholds: { ...acknowledged('< 500ms'), errors: '<= 10%' },
    },
    '50-users': {
      load: users(50)
        .for('1m')
        .journeys(...editing),
      thresholds: { ...acknowledged('< 1000ms'), errors: '<= 20%' },
    },

    /** "Throughput Test", and the table "Throughput Targets"; a little more arrives than is wanted. */
    throughput: {
      load: [
        arrivals(105).for('1m').journeys(type).named('operations'),
        arrivals(53).for('1m').journeys(talk).named('messages'),
        arrivals(11).for('1m').journeys(visit).named('connections'),
      ],
      warmUp: '5s',
      thresholds: {
        'ack text:send': { rate: '>= 100/s', p99: '< 500ms' },
        'ack message:send': { rate: '>= 50/s' },
        'socketio connect': { rate: '>= 10/s' },
        errors: '< 1%',
      },
    },
  },

  thresholds: {
    // The table "Latency Targets".
    'ack text:send': { p95: '< 200ms' },
    'ack message:send': { p95: '< 300ms' },
    'ack document:sync': { p95: '< 500ms' },
    'ack cursor:update': { p95: '< 100ms' },
    'delivery message': { lost: '= 0', duplicated: '= 0' },
  },
})
