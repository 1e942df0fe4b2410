import {
  type DeliveryOptions,
  journey,
  type SetupContext,
  type ThinkTime,
  type User,
  type UserSocketIo,
} from 'plimsoll'
import { makeRooms, type Person, personOf, register } from './people.ts'

/** People in a room: a message is delivered as many times. */
const roomSize = 50
/** More users than this are the same people on further devices: passwords cost 7 ms of a core each. */
const mostPeople = 1_000

export interface Crowd {
  readonly people: readonly Person[]
  /** User 1 to 50 are in the first one, 51 to 100 in the second, and so on. */
  readonly rooms: readonly string[]
}

/** Accounts, and rooms with their members, for a number of users. */
export async function gather(context: SetupContext, users: number): Promise<Crowd> {
  const people = await register(context, Math.min(users, mostPeople))
  const rooms = await makeRooms(context, people, { count: Math.ceil(users / roomSize), size: roomSize })
  return { people, rooms }
}

/** Who a user is, and in which room. */
export interface Place {
  readonly person: Person
  readonly roomId: string
}

interface Present extends Place {
  readonly socket: UserSocketIo
  /** The number of the room's message that came last. */
  seen: number | undefined
}

export function placeOf({ id, data: { people, rooms } }: User<Crowd>): Place {
  const roomId = rooms[Math.floor((id - 1) / roomSize) % rooms.length]
  if (roomId === undefined) throw new Error('there is no room')
  return { person: personOf(people, id - 1), roomId }
}

/** Connects, joins the room and looks at its newest messages; joins it again, from where it was, whenever it comes back. */
export const enter = (user: User<Crowd>): Promise<void> =>
  user.step('time to first message', async () => {
    const place = placeOf(user)
    const socket = await user.io('/', { auth: { token: place.person.token } })
    // Who opens the app again has kept what came before.
    const present: Present = { ...place, socket, seen: presentOf(user)?.seen }
    socket.on('message', ({ seq }: { seq: number }) => {
      present.seen = seq
    })
    // Who does not get in again is told nothing more, and the account of deliveries shows it.
    socket.onState('reconnect', () => void join(user, present).catch(() => undefined))
    if (!(await join(user, present))) throw new Error('nobody lets this one into the room')
    user.state['present'] = present
    await readMessages(user)
  })

async function openAgain(user: User<Crowd>): Promise<void> {
  const { socket } = entered(user)
  if (!socket.open) return
  socket.close()
  await enter(user)
}

type Joined =
  | {
      readonly ok: true
      readonly seq: number
      readonly missed: readonly { readonly seq: number }[]
      readonly more: boolean
    }
  | { readonly ok: false }

/** Joins the room: after the message that was seen last, if there is one, else from now on. False when it is refused. */
async function join(user: User<Crowd>, present: Present): Promise<boolean> {
  const { socket, roomId } = present
  let after = present.seen
  let more = true
  while (more) {
    const payload = { room_id: roomId, ...(after !== undefined && { after_seq: after }) }
    const answer = await socket.request<Joined>('room:join', payload)
    user.check(answer, { 'is let into the room': ({ ok }) => ok })
    if (!answer.ok) return false
    after = answer.missed.at(-1)?.seq ?? answer.seq
    more = answer.more
  }
  present.seen = Math.max(present.seen ?? 0, after ?? 0)
  return true
}

const presentOf = (user: User<Crowd>): Present | undefined => user.state['present']

function entered(user: User<Crowd>): Present {
  const present = presentOf(user)
  if (present === undefined) throw new Error('nobody has entered')
  return present
}

/** Every message at every member of its room, those that it missed and asked for included. */
export const deliveries: Readonly<Record<string, DeliveryOptions>> = {
  message: {
    join: { event: 'room:join', room: 'room_id', seq: 'seq' },
    leave: { event: 'room:leave', room: 'room_id' },
    publish: { event: 'message:send', room: 'room_id', key: 'client_id', seq: 'message.seq' },
    receive: [
      { event: 'message', room: 'room_id', key: 'client_id', seq: 'seq' },
      { event: 'ack room:join', each: 'missed', room: 'room_id', key: 'client_id', seq: 'seq' },
    ],
  },
}

/**
 * An acknowledgement that says no is no failure of the socket's: it is a check that fails. Who is away says nothing, and is
 * counted under `reconnect`.
 */
async function ask(user: User<Crowd>, event: string, payload: object): Promise<void> {
  const { socket } = entered(user)
  if (!socket.open) return
  const answer = await socket.request<{ ok: boolean }>(event, payload)
  user.check(answer, { 'is acknowledged': ({ ok }) => ok })
}

async function sendMessage(user: User<Crowd>): Promise<void> {
  const { roomId } = entered(user)
  const client_id = user.unique('m')
  await ask(user, 'message:send', { room_id: roomId, client_id, content: `Test message of ${client_id}` })
}

const setStatus = (user: User<Crowd>): Promise<void> =>
  ask(user, 'presence:set', { status: user.random.pick(['online', 'away', 'busy', 'typing']) })

async function rejoin(user: User<Crowd>): Promise<void> {
  const present = entered(user)
  if (!present.socket.open) return
  await ask(user, 'room:leave', { room_id: present.roomId })
  // What is said meanwhile is not for this one.
  present.seen = undefined
  await join(user, present)
}

/** Reads signed as the user that it is, with a check that the answer holds what it should. */
async function read(user: User<Crowd>, path: string, field: string, params: Readonly<Record<string, string>> = {}) {
  const { person } = placeOf(user)
  const answer = await user.http.get(path, { auth: { bearer: person.token }, params })
  user.check(answer, {
    [`has ${field}`]: (got) => Array.isArray(got.json<Readonly<Record<string, unknown>>>()[field]),
  })
}

export const readMessages = (user: User<Crowd>) =>
  read(user, '/api/messages', 'messages', { room: placeOf(user).roomId })

export const listGroups = (user: User<Crowd>) => read(user, '/api/groups', 'groups')

/** A direct message, to the neighbour: nobody listens to those rooms, so its delivery is nobody's account. */
export async function postMessage(user: User<Crowd>): Promise<void> {
  const { person } = placeOf(user)
  const answer = await user.http.post('/api/messages', {
    auth: { bearer: person.token },
    json: {
      recipient_id: personOf(user.data.people, user.id).id,
      client_id: user.unique('direct'),
      content: 'Test message',
      encrypted: true,
    },
  })
  user.check(answer, { 'is stored': ({ status }) => status === 201 })
}

const attachment = new TextEncoder().encode('A few lines that someone wants to share.\n'.repeat(500))

/** 20 KB. */
async function upload(user: User<Crowd>): Promise<void> {
  const { person, roomId } = placeOf(user)
  const answer = await user.http.post('/api/files', {
    auth: { bearer: person.token },
    params: { room: roomId },
    form: { file: attachment },
  })
  user.check(answer, { 'is kept': ({ status }) => status === 201 })
}

/** What people do on the socket. */
export const talking = (think: ThinkTime, prefix = '') => [
  journey<Crowd>(`${prefix}send a message`, { weight: 10, think }, sendMessage),
  journey<Crowd>(`${prefix}change status`, { weight: 2, think }, setStatus),
  journey<Crowd>(`${prefix}leave the room and join it again`, { weight: 1, think }, rejoin),
  journey<Crowd>(`${prefix}open the app again`, { weight: 0.5, think }, openAgain),
]

/** What they do beside it. */
export const browsing = (think: ThinkTime) => [
  journey<Crowd>('read messages', { weight: 3, think }, readMessages),
  journey<Crowd>('post a message', { weight: 1, think }, postMessage),
  journey<Crowd>('list rooms', { weight: 1, think }, (user) => read(user, '/api/rooms', 'rooms')),
  journey<Crowd>('list users', { weight: 1, think }, (user) => read(user, '/api/users', 'users')),
  journey<Crowd>('search', { weight: 0.8, think }, (user) =>
    read(user, '/api/messages/search', 'messages', { q: user.random.pick(['test', 'message', '"test message"']) }),
  ),
  journey<Crowd>('upload a file', { weight: 0.2, think }, upload),
]
