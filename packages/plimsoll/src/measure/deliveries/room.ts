import { type Bitmap, hasBit } from './bitmap.ts'
import { BEFORE, type Claim, Memberships, POSSIBLE } from './memberships.ts'
import { type Account, newAccount, type Tally } from './tally.ts'
import type { Topic } from './topic.ts'
import type { Fate, Publication } from './types.ts'

/**
 * About what one message takes without its bitmaps, its key of 36 characters and its place in the room's map included.
 */
export const BYTES_OF_MESSAGE = 600

/** Who sent a message to a room; kept as long as one of its messages is. */
export interface Sender {
  readonly user: number
  last: Message
  /** The newest of its messages that any user of this worker has received. */
  newestReceived: number
}

/**
 * `fresh` until everything is known about who should have it; `open` while somebody who should have it has not, then
 * `kept` for a while, so that copies are told from strangers.
 */
export type Stage = 'fresh' | 'open' | 'kept' | 'forgotten'

/** One message, and which slots of its room have it. */
export class Message {
  readonly room: Room
  readonly key: string
  readonly scheduledAt: number
  readonly sentAt: number
  seq = Number.NaN
  fate: Fate | undefined
  stage: Stage = 'fresh'
  /** Undefined while nobody has it, and again when `isEverywhere`. */
  bits: Bitmap | undefined
  lateBits: Bitmap | undefined
  disorderBits: Bitmap | undefined
  /** Exactly the memberships that claim it have it: the bitmap would say nothing new. */
  isEverywhere = false
  /** What has been counted of it so far. */
  readonly account: Account = newAccount()
  /** Those that should have it and have not; known from `open` on. */
  missing = 0
  /** Latency of its last receipt here, in microseconds; -1 for none. */
  lastMicros = -1
  isReported = false
  keptAt = 0
  readonly sender: Sender
  /** Counts what this worker knows of the sender's messages to this room. */
  readonly order: number
  /** The sender's messages before and after it in this room, as long as they are known. */
  previous: Message | undefined
  next: Message | undefined
  /** Neighbours in the list of open or of kept messages. */
  older: Message | undefined
  newer: Message | undefined

  constructor(room: Room, { key, sender, scheduledAt, sentAt }: Publication) {
    this.room = room
    this.key = key
    this.scheduledAt = scheduledAt
    this.sentAt = sentAt
    const known = room.senders.get(sender)
    this.sender = known ?? { user: sender, last: this, newestReceived: -1 }
    this.previous = known?.last
    this.order = known === undefined ? 0 : known.last.order + 1
    if (known === undefined) {
      room.senders.set(sender, this.sender)
    } else {
      known.last.next = this
      known.last = this
    }
  }

  get words(): number {
    return (this.bits?.length ?? 0) + (this.lateBits?.length ?? 0) + (this.disorderBits?.length ?? 0)
  }

  isLate(slot: number): boolean {
    return this.lateBits !== undefined && hasBit(this.lateBits, slot)
  }

  isOutOfOrder(slot: number): boolean {
    return this.disorderBits !== undefined && hasBit(this.disorderBits, slot)
  }

  /** Takes it out of its room and of its sender's chain. */
  unlink(): void {
    const { room, sender, previous, next } = this
    room.messages.delete(this.key)
    if (previous !== undefined) previous.next = next
    if (next !== undefined) next.previous = previous
    else if (previous !== undefined) sender.last = previous
    else room.senders.delete(sender.user)
    this.previous = undefined
    this.next = undefined
  }
}

/** One room of one event, as this worker knows it: its own users' memberships, and everybody's messages. */
export class Room {
  readonly topic: Topic
  readonly name: string
  readonly tally: Tally
  readonly memberships = new Memberships()
  readonly messages = new Map<string, Message>()
  readonly senders = new Map<number, Sender>()
  /** Receipts that wait for their publication. */
  waiting = 0
  #highestSeq = Number.NEGATIVE_INFINITY

  constructor(topic: Topic, name: string) {
    this.topic = topic
    this.name = name
    this.tally = topic.tally(name)
  }

  /** What the message is to the membership, at what is known now. */
  claim(message: Message, slot: number): Claim {
    const { grace, toSender } = this.topic.settings
    if (message.fate === 'refused') return BEFORE
    if (!toSender && this.memberships.receiver(slot)?.user === message.sender.user) return BEFORE
    return this.memberships.claim(message, slot, grace)
  }

  /** The strongest claim of any of a user's memberships, counted back from its latest. */
  claimOfUser(message: Message, latest: number): Claim {
    let strongest: Claim = BEFORE
    for (let slot = latest; slot >= 0; slot = this.earlier(slot, message)) {
      const claim = this.claim(message, slot)
      if (claim > strongest) strongest = claim
    }
    return strongest
  }

  /** The user's membership before this one that the message may have to do with, or -1. */
  earlier(slot: number, message: Message): number {
    return this.memberships.earlier(slot, message, this.topic.settings.grace)
  }

  /** Whether a copy of the message came at this membership. */
  holds(message: Message, slot: number): boolean {
    const { bits } = message
    if (bits !== undefined) return hasBit(bits, slot)
    return message.isEverywhere && this.claim(message, slot) >= POSSIBLE
  }

  holdsAtAny(message: Message, latest: number): boolean {
    for (let slot = latest; slot >= 0; slot = this.earlier(slot, message)) {
      if (this.holds(message, slot)) return true
    }
    return false
  }

  number(message: Message, seq: number): void {
    message.seq = seq
    if (seq > this.#highestSeq) this.#highestSeq = seq
  }

  /** Messages with later numbers that were taken for settled. */
  keptAfter(seq: number): Message[] {
    const found: Message[] = []
    if (this.#highestSeq <= seq) return found
    for (const message of this.messages.values()) if (message.stage === 'kept' && message.seq > seq) found.push(message)
    return found
  }

  earliestSentAt(): number {
    let earliest = Number.POSITIVE_INFINITY
    for (const { sentAt } of this.messages.values()) if (sentAt < earliest) earliest = sentAt
    return earliest
  }
}
