import { FanOut } from './fan-out.ts'
import { type Copy, type Link, Member, type Scripted } from './member.ts'
import { quantilesOf, type RelayRecord, recordRooms } from './record.ts'
import { Room } from './room.ts'
import { Turnstile } from './turnstile.ts'

/** After the last message: longer than anything is delayed or held, and than the grace within which leaving makes doubtful. */
const LAST_MS = 2500

export interface RelayOptions {
  readonly seed: number
  /** Nobody may publish before so many have joined a room. */
  readonly members: number
  /** With this many messages it is over. */
  readonly messages: number
}

export interface Post {
  readonly room: string
  readonly key: string
  readonly sent_us: number
}

/** Rooms with numbered messages, whose deliveries go wrong by a script: it knows exactly what everybody got. */
export class Relay {
  readonly turnstile = new Turnstile()
  readonly #options: RelayOptions
  readonly #rooms = new Map<string, Room>()
  readonly #members = new Map<number, Member>()
  readonly #scripted: Scripted = { lost: 0, doubled: 0, swapped: 0, delayed: 0 }
  readonly #fanOut: FanOut
  readonly #complete: Promise<void>
  #isComplete: () => void = () => {}
  #arrived = new Set<Member>()
  #published = 0
  #returns = 0
  #joins = 0
  #leaves = 0
  #isOver = false

  constructor(options: RelayOptions) {
    this.#options = options
    this.#fanOut = new FanOut((member, message) => member.get(message, options.seed, this.#scripted))
    this.#complete = new Promise((resolve) => {
      this.#isComplete = resolve
    })
  }

  knows(id: number): boolean {
    return this.#members.has(id)
  }

  member(id: number): Member {
    let member = this.#members.get(id)
    if (member === undefined) this.#members.set(id, (member = new Member(id)))
    return member
  }

  join(member: Member, name: string) {
    const room = this.#room(name)
    room.members.add(member)
    this.#joins++
    if (this.#arrived.size < this.#options.members && this.#arrived.add(member).size === this.#options.members) {
      this.#isComplete()
    }
    return { ok: true, seq: room.seq }
  }

  leave(member: Member, name: string) {
    const room = this.#room(name)
    room.members.delete(member)
    this.#leaves++
    return { ok: true, seq: room.seq }
  }

  /** Settles when everybody is there and nobody is just coming back; the message must follow. */
  async permit(): Promise<() => void> {
    await this.#complete
    return this.turnstile.pass('publishing')
  }

  publish(from: Member, { room: name, key, sent_us }: Post) {
    const room = this.#room(name)
    const message = room.take(this.#published++, from, key, sent_us)
    this.#fanOut.add(message, [...room.members])
    if (this.#published === this.#options.messages) this.#end()
    return { ok: true, seq: message.seq }
  }

  resume(member: Member, link: Link, after: number): { ok: true; over: boolean; missed: Copy[] } {
    this.#returns++
    return { ok: true, over: this.#isOver, missed: member.comeBack(link, after, this.#published) }
  }

  record(): RelayRecord {
    const [rooms, latencies] = recordRooms(this.#rooms.values(), this.#members.values())
    return {
      rooms,
      scripted: this.#scripted,
      returns: this.#returns,
      joins: this.#joins,
      leaves: this.#leaves,
      latency: quantilesOf(latencies),
    }
  }

  #room(name: string): Room {
    let room = this.#rooms.get(name)
    if (room === undefined) this.#rooms.set(name, (room = new Room(name)))
    return room
  }

  #end(): void {
    const isDone = this.#fanOut.isIdle
    setTimeout(() => {
      if (!isDone) {
        this.#end()
        return
      }
      this.#isOver = true
      for (const { link } of this.#members.values()) link?.push('over', {})
    }, LAST_MS)
  }
}
