import { journey, plan, type SetupContext, type User, type UserWebSocket, users } from 'plimsoll'
import { deliveries } from '../../plans/harbor/chat.ts'
import { makeRooms, type Person, personOf, register } from '../../plans/harbor/people.ts'
import { system } from './system.ts'

const { env } = process
const count = Number(env['USERS'] ?? 1000)
const perMinute = Number(env['PER_MINUTE'] ?? 10_000)
const hold = `${Number(env['SECONDS'] ?? 30)}s` as const
const gap = (count * 60_000) / perMinute
const think = `${Math.round(gap / 2)}ms..${Math.round(gap * 1.5)}ms` as const

interface Hall {
  readonly people: readonly Person[]
  readonly roomId: string
}

interface Frame {
  readonly type: string
  readonly id?: number
  readonly ok?: boolean
}

async function furnish(context: SetupContext): Promise<Hall> {
  const people = await register(context, count)
  const [roomId = ''] = await makeRooms(context, people, { count: 1, size: count })
  return { people, roomId }
}

async function enter(user: User<Hall>): Promise<void> {
  const { token } = personOf(user.data.people, user.id - 1)
  const socket = await user.ws<Frame>('/ws', { params: { token, batch: 1 }, name: 'ws' })
  user.state['socket'] = socket
  await ask(socket, { type: 'room:join', id: 0, room_id: user.data.roomId })
}

const ask = (socket: UserWebSocket<Frame>, message: Frame & Readonly<Record<string, unknown>>) =>
  socket.request(message, ({ type, id }) => type === 'ack' && id === message.id)

const say = journey<Hall>('say', { think }, async (user) => {
  const client_id = user.unique('m')
  const content = 'A message of about the length that they have.'
  await ask(user.state['socket'], { type: 'message:send', id: 1, room_id: user.data.roomId, client_id, content })
})

const { message } = deliveries
if (message === undefined) throw new Error('the chat declares no message')
const fields = { room: 'room_id', key: 'client_id', seq: 'seq' }

export default plan({
  name: 'Harbor: one room',
  system: { url: 'http://127.0.0.1:1/' },
  probes: system(),
  setup: furnish,
  begin: enter,
  journeys: [say],
  deliveries: {
    message: {
      ...message,
      receive: [
        { event: 'message', ...fields },
        { event: 'messages', each: 'messages', ...fields },
        { event: 'ack room:join', each: 'missed', ...fields },
      ],
    },
  },
  profiles: { full: { load: users.ramp('10s', count).hold(hold), warmUp: '13s' } },
})
