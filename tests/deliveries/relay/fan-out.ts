import type { Member } from './member.ts'
import type { Message } from './room.ts'

/** So few at a time that a receiver's process need not keep hundreds of them waiting: that wait would not be the relay's. */
const BATCH = 50
const PAUSE_MS = 1

interface Share {
  readonly message: Message
  readonly members: readonly Member[]
}

/** Hands messages to their members, in the order in which they came and at an even pace. */
export class FanOut {
  readonly #give: (member: Member, message: Message) => void
  readonly #shares: Share[] = []
  #next = 0
  #isGoing = false

  constructor(give: (member: Member, message: Message) => void) {
    this.#give = give
  }

  get isIdle(): boolean {
    return !this.#isGoing
  }

  add(message: Message, members: readonly Member[]): void {
    this.#shares.push({ message, members })
    if (this.#isGoing) return
    this.#isGoing = true
    this.#step()
  }

  #step(): void {
    const [share] = this.#shares
    this.#isGoing = share !== undefined
    if (share === undefined) return
    const { message, members } = share
    for (const member of members.slice(this.#next, this.#next + BATCH)) this.#give(member, message)
    this.#next += BATCH
    if (this.#next >= members.length) {
      this.#shares.shift()
      this.#next = 0
    }
    setTimeout(() => this.#step(), PAUSE_MS)
  }
}
