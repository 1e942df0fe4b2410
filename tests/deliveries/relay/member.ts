import { Journal } from './journal.ts'
import type { Message, Sender } from './room.ts'
import { fateOf } from './script.ts'
import { nowUs } from './time.ts'

/** How long a message that should change places waits for the next one. */
const SWAP_WAIT_MS = 350

/** A message as members get it. `position` counts the copies that this member was given, from 1. */
export interface Copy {
  readonly room: string
  readonly key: string
  readonly seq: number
  readonly sent_us: number
  readonly position: number
}

/** A connection that stands, whatever it speaks. */
export interface Link {
  push(event: string, payload: unknown): void
}

/** What was done by the script, over all members. */
export interface Scripted {
  lost: number
  doubled: number
  swapped: number
  delayed: number
}

export class Member {
  readonly id: number
  readonly journal = new Journal()
  link: Link | undefined
  /** Messages that came before it last came back: their number. */
  #cameBackAfter = 0
  #missed: Message[] = []
  readonly #held = new Map<Sender, Message[]>()

  constructor(id: number) {
    this.id = id
  }

  /** Does with a new message as the script says. */
  get(message: Message, seed: number, scripted: Scripted): void {
    const fate = fateOf(seed, message.n, this.id)
    switch (fate.kind) {
      case 'lose':
        scripted.lost++
        return
      case 'delay':
        scripted.delayed++
        setTimeout(() => this.#deliver(message), fate.byMs)
        return
      case 'swap':
        scripted.swapped++
        this.#hold(message)
        return
      case 'double':
        scripted.doubled++
        this.#deliver(message)
        if (this.link !== undefined) this.#deliver(message)
        break
      case 'deliver':
        this.#deliver(message)
    }
    for (const held of [...(this.#held.get(message.sender) ?? [])]) this.#release(held)
  }

  /** It is back, and had `after` copies before: gives it what it has missed. */
  comeBack(link: Link, after: number, published: number): Copy[] {
    this.#cameBackAfter = published
    const missed = [...this.journal.truncate(after), ...this.#missed]
    this.#missed = []
    this.link = link
    return missed.map((message) => this.#write(message))
  }

  #deliver(message: Message): void {
    if (this.link === undefined) this.#missed.push(message)
    else this.link.push('message', this.#write(message))
  }

  #write(message: Message): Copy {
    const { room, key, seq, sentUs } = message
    this.journal.add(message, nowUs(), message.n < this.#cameBackAfter)
    return { room: room.name, key, seq, sent_us: sentUs, position: this.journal.length }
  }

  #hold(message: Message): void {
    const held = this.#held.get(message.sender)
    if (held === undefined) this.#held.set(message.sender, [message])
    else held.push(message)
    setTimeout(() => this.#release(message), SWAP_WAIT_MS)
  }

  #release(message: Message): void {
    const held = this.#held.get(message.sender) ?? []
    const index = held.indexOf(message)
    if (index < 0) return
    held.splice(index, 1)
    this.#deliver(message)
  }
}
