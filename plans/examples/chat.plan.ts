import { env, journey, plan, type User, type UserSocketIo, users } from 'plimsoll'

/**
 * Two chats' targets as thresholds: the table "WebSocket Events" of the one (message delivery, room join, user status),
 * with its three load scenarios, and the five scenarios of the other. Run against the example server beside this file.
 */

const port = env('PORT', { default: 3101 })

/** Twenty to a room: a message is delivered twenty times. */
const ROOM = 20

interface State {
  readonly socket: UserSocketIo
  readonly room: string
}

async function join(user: User): Promise<void> {
  const room = `room-${Math.floor(user.index / ROOM)}`
  const socket = await user.io('/', { transports: ['websocket'] })
  await socket.request('room:join', { room_id: room })
  Object.assign(user.state, { socket, room })
}

const people = { think: '1s..3s' } as const

const send = journey('send a message', { weight: 3, ...people }, async (user) => {
  const { socket, room } = user.state as State
  await socket.request('message:send', { room_id: room, client_id: user.unique('m'), content: 'Test message' })
})

const status = journey('change status', { weight: 1, ...people }, async (user) => {
  const { socket } = user.state as State
  await socket.request('user:status', { status: user.random.pick(['online', 'away', 'busy']) })
})

const rejoin = journey('leave the room and join it again', { weight: 1, ...people }, async (user) => {
  const { socket, room } = user.state as State
  await socket.request('room:leave', { room_id: room })
  await socket.request('room:join', { room_id: room })
})

export default plan({
  name: 'Chat',
  system: {
    url: `http://127.0.0.1:${port}`,
    start: { command: 'node chat-server.mjs', env: { PORT: port } },
    ready: '/health',
  },
  begin: join,
  journeys: [send, status, rejoin],
  deliveries: {
    message: {
      join: { event: 'room:join', room: 'room_id', seq: 'seq' },
      leave: { event: 'room:leave', room: 'room_id', seq: 'seq' },
      publish: { event: 'message:send', room: 'room_id', key: 'client_id', seq: 'seq' },
      receive: { event: 'message', room: 'room_id', key: 'client_id', seq: 'seq' },
    },
  },

  profiles: {
    /** Half a minute that a laptop carries. */
    smoke: { load: users.ramp('5s', 100).hold('25s') },

    /** "Ramp to 1000 users": 100 in 2 minutes, 500 in 5, 1000 in 10, 5 more minutes; < 2 % errors at the end. */
    ramp: {
      load: users.ramp('2m', 100).ramp('5m', 500).ramp('10m', 1000).hold('5m'),
      thresholds: { errors: '< 2%' },
    },
    /** "Burst traffic": nobody for 30 s, 500 in the next 30 s, 2 minutes, and gone within 30 s. */
    burst: { load: users.ramp('30s', 0).ramp('30s', 500).hold('2m').ramp('30s', 0) },
    /** "Sustained load": 800 for 30 minutes. */
    sustained: { load: users(800).for('30m') },

    /** The other chat's: 100 users for 10 minutes; everything succeeds. */
    normal: { load: users(100).for('10m'), thresholds: { errors: '= 0' } },
    /** 500 users for 5 minutes; errors < 1 %. */
    peak: { load: users(500).for('5m'), thresholds: { errors: '< 1%' } },
    /** "1000+ users until failure", to find the breaking point. */
    stress: { load: users.ramp('2m', 1000).ramp('18m', 10_000), until: 'broken' },
    /** "100 to 1000 users in 1 minute". */
    spike: { load: users(100).for('1m').ramp('1m', 1000).hold('2m') },
    /** 200 users for 24 hours, to find leaks. */
    endurance: { load: users(200).for('24h') },
    /** The stages of its k6 script: 100 in 2 minutes, 5 minutes, 200 in 2, 5 minutes, and down in 2. */
    stages: { load: users.ramp('2m', 100).hold('5m').ramp('2m', 200).hold('5m').ramp('2m', 0) },
  },

  thresholds: {
    // The table "WebSocket Events"; "no lost messages".
    'delivery message': {
      p50: '< 30ms',
      p95: '< 80ms',
      p99: '< 150ms',
      lost: '= 0',
      duplicated: '= 0',
      foreign: '= 0',
    },
    'ack room:join': { p50: '< 20ms', p95: '< 50ms', p99: '< 100ms' },
    'ack user:status': { p50: '< 15ms', p95: '< 40ms', p99: '< 80ms' },
    errors: '< 1%',
    // "CPU per instance", "Memory per instance".
    process: { cpu: '< 70%', memory: '< 2GB' },
  },
})
