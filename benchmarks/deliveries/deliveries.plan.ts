import { journey, plan, type User, type UserSocketIo, type UserWebSocket, users } from 'plimsoll'

const overSocketIo = process.env['PROTOCOL'] === 'socketio'
const count = Number(process.env['MEMBERS'] ?? 1000)
const publishers = Number(process.env['PUBLISHERS'] ?? 4)
/** What makes a frame's payload 100 octets, or close. */
const filler = 'x'.repeat(overSocketIo ? 32 : 21)

interface Message {
  readonly type: string
  readonly re?: number
}

async function connect(user: User): Promise<void> {
  if (overSocketIo) {
    const socket = await user.io('/')
    user.state['socket'] = socket
    await socket.request('room:join', { room: 'lobby' })
  } else {
    const socket = await user.ws<Message>('/')
    user.state['socket'] = socket
    await socket.request({ type: 'room:join', re: 0, room: 'lobby' }, ({ type }) => type === 'ack')
  }
}

/** Its next message when all members have this one. */
const publish = journey('publish', async (user) => {
  if (user.id > publishers) return user.sleep('10m')
  const key = user.unique('m')
  if (overSocketIo) {
    await (user.state['socket'] as UserSocketIo).request('message:send', { room: 'lobby', key, text: filler })
  } else {
    const message = { type: 'message:send', re: 1, room: 'lobby', key, text: filler }
    await (user.state['socket'] as UserWebSocket<Message>).request(message, ({ type }) => type === 'ack')
  }
})

export default plan({
  name: 'Deliveries',
  system: { url: 'http://127.0.0.1:1/' },
  begin: connect,
  journeys: [publish],
  deliveries: {
    message: {
      join: { event: 'room:join', room: 'room' },
      publish: { event: 'message:send', room: 'room', key: 'key' },
      receive: { event: 'message', room: 'room', key: 'key' },
    },
  },
  profiles: { full: { load: users(count).for('1m').gracefulStop('1s') } },
})
