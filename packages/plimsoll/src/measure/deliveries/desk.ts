import type { Message } from './room.ts'
import { Room } from './room.ts'
import { Topic } from './topic.ts'

/** A server that names rooms as it likes must not fill the memory. */
const MOST_STRANGE_ROOMS = 10_000

/** One kind of message with its rooms, and the messages of it that are too young to be judged. */
export class Desk {
  readonly topic: Topic
  readonly rooms = new Map<string, Room>()
  /** Rooms that were first heard of by a receipt. */
  #strange = 0
  /** In the order in which they became known. */
  #fresh: Message[] = []
  #next = 0

  constructor(event: string) {
    this.topic = new Topic(event)
  }

  room(name: string): Room {
    let room = this.rooms.get(name)
    if (room === undefined) this.rooms.set(name, (room = new Room(this.topic, name)))
    return room
  }

  /** The room that a receipt names; undefined when servers have named too many. */
  strangeRoom(name: string): Room | undefined {
    const known = this.rooms.get(name)
    if (known !== undefined || this.#strange >= MOST_STRANGE_ROOMS) return known
    this.#strange++
    return this.room(name)
  }

  await(message: Message): void {
    this.#fresh.push(message)
  }

  /** The next message whose receivers are all known at `horizon`. */
  nextGrown(horizon: number): Message | undefined {
    const message = this.#fresh[this.#next]
    if (message === undefined || message.sentAt + this.topic.settings.grace > horizon) return undefined
    this.#next++
    if (this.#next * 2 > this.#fresh.length) {
      this.#fresh = this.#fresh.slice(this.#next)
      this.#next = 0
    }
    return message
  }

  /** Drops rooms that nobody is in and nothing is known of. */
  sweep(horizon: number): void {
    const { grace } = this.topic.settings
    for (const [name, room] of this.rooms) {
      if (room.messages.size > 0 || room.waiting > 0 || room.memberships.live > 0) continue
      if (room.memberships.lastLeft + grace < horizon) this.rooms.delete(name)
    }
    if (this.rooms.size === 0) this.#strange = 0
  }
}
