import { type Delivery, type DeliveryOptions, env, journey, plan, type User, users } from 'plimsoll'

/** A connection to the relay, whatever it speaks. */
export interface Line {
  ask<Answer>(event: string, payload: object): Promise<Answer>
  on<Payload>(event: string, listener: (payload: Payload) => void): void
  cut(): Promise<void>
}

interface Copy {
  readonly room: string
  readonly key: string
  readonly seq: number
  readonly position: number
}

interface Answer {
  readonly ok: boolean
  readonly seq: number
}

const number = (name: string, otherwise: number) => Number(env(name, { default: otherwise }))

const members = number('MEMBERS', 60)
const senders = number('SENDERS', 4)
/** Of each sender, to the lobby; every fourth time there is one to the den as well. */
const messages = number('MESSAGES', 25)
/** Of all senders together, a second. */
const rate = number('RATE', 20)
const account = env('ACCOUNT', { default: 'declaration' })

const LOBBY = 'lobby'
const DEN = 'den'
const TIMEOUT = '60s'

export const requestOptions = { timeout: TIMEOUT } as const
export const connectOptions = { timeout: TIMEOUT, reconnect: true } as const
/** How long users are away. */
export const away = (user: User) => ({ offline: `${user.random.integer(200, 1200)}ms` }) as const

/** Reads the account off the traffic; what was missed comes in the answer to `resume`. */
const declared: DeliveryOptions = {
  join: { event: 'join', room: 'room', seq: 'seq' },
  leave: { event: 'leave', room: 'room', seq: 'seq' },
  publish: { event: 'publish', room: 'room', key: 'key', seq: 'seq' },
  receive: [
    { event: 'message', room: 'room', key: 'key', seq: 'seq' },
    { event: 'ack resume', each: 'missed', room: 'room', key: 'key', seq: 'seq' },
  ],
}

/** One user and what it knows of its place in the relay. */
class Visitor {
  readonly #user: User
  readonly #line: Line
  /** Undefined where the plan declares its deliveries. */
  readonly #delivery: Delivery | undefined
  #position = 0
  readonly rooms = new Set<string>()
  isOver = false

  constructor(user: User, line: Line) {
    this.#user = user
    this.#line = line
    this.#delivery = account === 'verbs' ? user.delivery('message') : undefined
    line.on<Copy>('message', (copy) => this.#get(copy))
    // From a listener, so that it stands in the account before what comes after it.
    line.on<{ messages: readonly Copy[] }>('missed', (missed) => {
      for (const copy of missed.messages) this.#get(copy)
    })
    line.on('over', () => {
      this.isOver = true
    })
  }

  async join(room: string): Promise<void> {
    this.rooms.add(room)
    this.#delivery?.joining(room)
    const { seq } = await this.#line.ask<Answer>('join', { room })
    this.#delivery?.joined(room, seq)
  }

  async leave(room: string): Promise<void> {
    this.rooms.delete(room)
    this.#delivery?.leaving(room)
    const { seq } = await this.#line.ask<Answer>('leave', { room })
    this.#delivery?.left(room, seq)
  }

  async publish(room: string): Promise<void> {
    await this.#line.ask('permit', {})
    const key = this.#user.unique('m')
    const message = { room, key, sent_us: Number(process.hrtime.bigint()) / 1000 }
    this.#delivery?.published(room, key)
    const { seq } = await this.#line.ask<Answer>('publish', message)
    this.#delivery?.confirmed(room, key, seq)
  }

  async vanish(): Promise<void> {
    await this.#line.cut()
    const apart = this.#delivery !== undefined
    const { over, missed = [] } = await this.#line.ask<{ over: boolean; missed?: readonly Copy[] }>('resume', {
      after: this.#position,
      apart,
    })
    for (const { position } of missed) this.#reach(position)
    if (over) this.isOver = true
  }

  #get({ room, key, seq, position }: Copy): void {
    this.#delivery?.received(room, key, seq)
    this.#reach(position)
  }

  #reach(position: number): void {
    if (position > this.#position) this.#position = position
  }
}

async function send(user: User, visitor: Visitor): Promise<void> {
  const pause = (1000 * senders) / rate
  for (let n = 0; n < messages; n++) {
    await user.sleep(`${Math.round(pause / 2)}ms..${Math.round((pause * 3) / 2)}ms`)
    await visitor.publish(LOBBY)
    if (n % 4 === 0) await visitor.publish(DEN)
  }
}

/** In and out of a room; now and then so fast that the answers are still to come. */
async function wander(user: User, visitor: Visitor): Promise<void> {
  const room = user.random.pick([LOBBY, DEN])
  if (!visitor.rooms.has(room)) await visitor.join(room)
  else if (user.random.chance(0.3)) await Promise.all([visitor.leave(room), visitor.join(room)])
  else await visitor.leave(room)
}

const attend = journey('attend', { timeout: '20m' }, async (user) => {
  const visitor = user.state['visitor'] as Visitor
  if (user.index < senders) await send(user, visitor)
  const wanders = user.index % 5 === 4
  const vanishes = user.index % 4 === 3
  while (!visitor.isOver) {
    await user.sleep('300ms..3s')
    if (user.index < senders || visitor.isOver) continue
    if (wanders) await wander(user, visitor)
    if (vanishes && user.random.chance(0.3)) await visitor.vanish()
  }
})

/** Members of two rooms, most of whom stay; some come and go, some are cut off and come back, some talk. */
export const crowd = (name: string, connect: (user: User) => Promise<Line>) =>
  plan({
    name,
    seed: number('SEED', 1),
    system: { url: env('RELAY_URL') },
    begin: async (user) => {
      const visitor = new Visitor(user, await connect(user))
      await visitor.join(LOBBY)
      user.state['visitor'] = visitor
    },
    journeys: [attend],
    deliveries: account === 'verbs' ? {} : { message: declared },
    profiles: { smoke: { load: users(members).iterations(1, { maxDuration: '30m' }) } },
  })
