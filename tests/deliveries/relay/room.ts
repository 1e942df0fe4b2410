import type { Member } from './member.ts'

/** One member's messages to one room. */
export interface Sender {
  sent: number
}

export interface Message {
  /** Counts all messages of the relay from 0. */
  readonly n: number
  readonly room: Room
  readonly key: string
  /** Counts the room's messages from 1. */
  readonly seq: number
  readonly sentUs: number
  readonly sender: Sender
  /** Counts the sender's messages to this room. */
  readonly order: number
}

/** Who is in it, and what was sent to it. */
export class Room {
  readonly name: string
  readonly members = new Set<Member>()
  seq = 0
  /** Deliveries that its messages owe: each was owed to whoever was a member when it came. */
  expected = 0
  readonly #senders = new Map<Member, Sender>()

  constructor(name: string) {
    this.name = name
  }

  take(n: number, from: Member, key: string, sentUs: number): Message {
    let sender = this.#senders.get(from)
    if (sender === undefined) this.#senders.set(from, (sender = { sent: 0 }))
    this.expected += this.members.size
    return { n, room: this, key, seq: ++this.seq, sentUs, sender, order: sender.sent++ }
  }
}
