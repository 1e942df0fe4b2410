import { setTimeout as delay } from 'node:timers/promises'
import { type Duration, journey, plan, type SetupContext, type User, type UserSocketIo, users } from 'plimsoll'
import { type Crowd, deliveries, gather, placeOf } from '../../plans/harbor/chat.ts'
import { system } from './system.ts'

const { env } = process
const count = Number(env['USERS'] ?? 300)
const perMinute = Number(env['PER_MINUTE'] ?? 2000)
const ramp = `${Number(env['RAMP'] ?? 10)}s` as const
const hold = `${Number(env['SECONDS'] ?? 30)}s` as const
const cutAfter = env['CUT_AFTER'] as Duration | undefined
/** A server that knows no people: every name is good, and so is every room. */
const plain = env['PLAIN'] !== undefined

/** From one message of a user to the next, on average, in milliseconds. */
const gap = (count * 60_000) / perMinute
const think = `${Math.round(gap / 2)}ms..${Math.round(gap * 1.5)}ms` as const

/** In milliseconds. */
const retryAfter = 300

interface Present {
  readonly socket: UserSocketIo
  readonly roomId: string
  /** The number of the room's message that came last. */
  seen: number | undefined
}

interface Answer {
  readonly ok: boolean
}

interface Joined extends Answer {
  readonly seq: number
  readonly missed: readonly { readonly seq: number }[]
  readonly more: boolean
}

function people(context: SetupContext): Crowd | Promise<Crowd> {
  if (!plain) return gather(context, count)
  const rooms = Array.from({ length: Math.ceil(count / 50) }, (_, index) => `room-${index}`)
  return { people: [{ id: 'anybody', email: '', token: '' }], rooms }
}

async function enter(user: User<Crowd>): Promise<void> {
  const { person, roomId } = placeOf(user)
  const socket = await user.io('/', { auth: { token: person.token } })
  const present: Present = { socket, roomId, seen: undefined }
  socket.on('message', ({ seq }: { seq: number }) => {
    present.seen = seq
  })
  socket.onState('reconnect', () => void join(present))
  await join(present)
  user.state['present'] = present
}

/** After the message that was seen last; again until it worked, or until the connection is gone: the next one asks anew. */
async function join(present: Present): Promise<void> {
  const { socket, roomId } = present
  let after = present.seen
  for (let more = true; more; ) {
    const payload = { room_id: roomId, ...(after !== undefined && { after_seq: after }) }
    const answer = await socket.request<Joined>('room:join', payload, { timeout: '3s' }).catch(() => undefined)
    if (answer?.ok) {
      after = answer.missed.at(-1)?.seq ?? answer.seq
      more = answer.more
    } else {
      if (!socket.open) return
      await delay(retryAfter)
    }
  }
  present.seen = Math.max(present.seen ?? 0, after ?? 0)
}

/** The same `client_id` until it is acknowledged, as the contract's clients do. */
const say = journey<Crowd>('say', { think, timeout: '1m' }, async (user) => {
  const { socket, roomId }: Present = user.state['present']
  const message = {
    room_id: roomId,
    client_id: user.unique('m'),
    content: 'A message of about the length that they have.',
  }
  for (;;) {
    const answer = await socket.request<Answer>('message:send', message, { timeout: '3s' }).catch(() => undefined)
    if (answer?.ok) return
    await user.sleep(`${retryAfter}ms`)
  }
})

export default plan({
  name: 'Harbor: chat',
  system: { url: 'http://127.0.0.1:1/' },
  probes: system(),
  setup: people,
  begin: enter,
  journeys: [say],
  deliveries,
  profiles: {
    full: {
      load: users.ramp(ramp, count).hold(hold).gracefulStop('20s'),
      warmUp: ramp,
      ...(cutAfter !== undefined && { outages: { after: cutAfter, offline: '500ms' } }),
    },
  },
})
