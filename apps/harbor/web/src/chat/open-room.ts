import { ApiError, get } from '../net/api.ts'
import { plan } from '../net/conditions.ts'
import { socket } from '../net/socket.ts'
import { addNames, loadMembers } from '../rooms/people.ts'
import { type Present, RoomPresence, tellPresence } from '../rooms/presence.ts'
import { markRead } from '../rooms/reading.ts'
import { heardOf } from '../rooms/rooms.ts'
import { keptValues } from '../state/database.ts'
import { Value } from '../state/value.ts'
import { onSent, outbox } from './mailbox.ts'
import type { Message } from './message.ts'
import { type Span, Timeline } from './timeline.ts'

interface Joined {
  readonly seq: number
  readonly missed: readonly Message[]
  readonly present: Present
}

/** Messages that are kept for the next visit. */
const keptTail = 100
/** In milliseconds. */
const retryPause = 2_000
const membersPause = 500
const keepPause = 250
/** How often everyone who is there is asked for: of changes one is told, but such news may be lost. */
const presencePause = 60_000

/** The room that is on the screen: told of new messages by the socket, and fetching by number whatever is missing. */
export class OpenRoom {
  readonly id: string
  readonly timeline = new Timeline()
  /** Counts up with every change of the timeline. */
  readonly version = new Value(0)
  /** Why the room cannot be shown. */
  readonly problem = new Value<ApiError | undefined>(undefined)
  readonly ready = new Value(false)
  /** By id. */
  readonly members = new Value<readonly string[]>([])
  readonly presence: RoomPresence
  readonly #ends: (() => void)[]
  readonly #fetching = new Set<number>()
  #view: Span = { from: 0, to: 0 }
  #closed = false
  #keeping: ReturnType<typeof setTimeout> | undefined
  #asking: ReturnType<typeof setTimeout> | undefined

  constructor(id: string) {
    this.id = id
    this.presence = new RoomPresence(id)
    this.#ends = [
      this.presence.close,
      socket.on<Message>('message', (message) => this.#take([message])),
      socket.on<{ messages: readonly Message[] }>('messages', ({ messages }) => this.#take(messages)),
      socket.on<{ room_id: string; user_id: string; name: string }>('room:member', ({ room_id, user_id, name }) => {
        addNames([[user_id, name]])
        if (room_id === id) this.#membersChanged()
      }),
      socket.state.watch((state) => state === 'connected' && void this.enter()),
      onSent((message) => this.#take([message])),
    ]
    const look = () => {
      if (document.hidden) return
      markRead(id, this.timeline.lastSeq)
      void this.enter()
    }
    document.addEventListener('visibilitychange', look)
    const asking = setInterval(() => document.hidden || void this.enter(), presencePause)
    this.#ends.push(
      () => document.removeEventListener('visibilitychange', look),
      () => clearInterval(asking),
    )
    void this.#restore().then(() => this.enter())
  }

  close(): void {
    this.#closed = true
    for (const end of this.#ends) end()
    clearTimeout(this.#keeping)
    clearTimeout(this.#asking)
    this.#keep()
    tellPresence('offline')
    socket.ask('room:leave', { room_id: this.id }).catch(() => undefined)
  }

  /** These are on the screen: what is missing of them is fetched. */
  show(view: Span): void {
    this.#view = view
    this.#heal()
  }

  /** The room is said to have come this far. */
  heardOf(seq: number): void {
    if (this.timeline.extend(seq)) this.#changed()
  }

  async #restore(): Promise<void> {
    const tail = await keptValues.get<readonly Message[]>(`tail:${this.id}`)
    if (tail && this.timeline.add(tail)) this.#changed()
    if (tail) this.ready.set(true)
  }

  /** On every new connection: the answer says how far the room has come, and brings what was missed if it is not much. */
  async enter(): Promise<void> {
    if (this.#closed || socket.state.current !== 'connected') return
    const { lastSeq } = this.timeline
    try {
      const joined = await socket.ask<Joined>('room:join', {
        room_id: this.id,
        present: true,
        ...(lastSeq > 0 && { after_seq: lastSeq }),
      })
      this.problem.set(undefined)
      this.timeline.extend(joined.seq)
      this.#take(joined.missed)
      this.presence.welcome(joined.present)
      this.ready.set(true)
      this.#changed()
      this.#membersChanged(0)
      tellPresence()
    } catch (error) {
      if (error instanceof ApiError && error.status !== 0) this.problem.set(error)
    }
  }

  #take(messages: readonly Message[]): void {
    const ours = messages.filter(({ room_id }) => room_id === this.id)
    for (const { client_id } of ours) if (client_id !== null) outbox.settle(client_id)
    if (this.timeline.add(ours)) this.#changed()
  }

  #changed(): void {
    if (this.#closed) return
    this.version.set(this.version.current + 1)
    if (document.hidden) heardOf(this.id, this.timeline.lastSeq)
    else markRead(this.id, this.timeline.lastSeq)
    this.#heal()
    this.#keeping ??= setTimeout(() => this.#keep(), keepPause)
  }

  #heal(): void {
    if (this.problem.current) return
    const { pageSize } = plan.current
    for (const span of this.timeline.missing(this.#view, pageSize)) {
      if (!this.#fetching.has(span.from)) void this.#fetch(span)
    }
  }

  async #fetch(span: Span): Promise<void> {
    this.#fetching.add(span.from)
    try {
      const query = `room=${this.id}&after_seq=${span.from - 1}&limit=${span.to - span.from + 1}`
      const { messages } = await get<{ messages: readonly Message[] }>(`/api/messages?${query}`)
      if (this.#closed) return
      this.timeline.fill(span, messages)
      this.timeline.trim(this.#view)
      this.#fetching.delete(span.from)
      this.#changed()
    } catch {
      // Offline, or asked too often: what is still in view then is asked for again.
      setTimeout(() => {
        this.#fetching.delete(span.from)
        if (!this.#closed) this.#heal()
      }, retryPause)
    }
  }

  /** Where many come at once, they are asked for once. */
  #membersChanged(pause = membersPause): void {
    this.#asking ??= setTimeout(() => {
      this.#asking = undefined
      loadMembers(this.id).then(
        (members) => this.members.set(members.map(({ user_id }) => user_id)),
        () => undefined,
      )
    }, pause)
  }

  #keep(): void {
    this.#keeping = undefined
    const tail = this.timeline.newest(keptTail)
    if (tail.length > 0) keptValues.set(`tail:${this.id}`, tail)
  }
}
