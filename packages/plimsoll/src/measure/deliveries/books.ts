import { type Bitmap, BYTES_OF_WORD, setBit } from './bitmap.ts'
import { POSSIBLE } from './memberships.ts'
import { MessageList } from './message-list.ts'
import { review } from './review.ts'
import type { Message } from './room.ts'

/** Bounds of what one worker keeps. */
const MOST_OPEN = 200_000
const MOST_KEPT = 200_000
const MOST_WORDS = (64 * 1024 * 1024) / BYTES_OF_WORD
/** How long a message that is everywhere is remembered, so that further copies count as such. */
const KEPT_FOR = 60_000

/** The life of messages after they are known: open, kept, forgotten; and the memory that their bitmaps take. */
export class Books {
  readonly open = new MessageList()
  readonly kept = new MessageList()
  /** Messages that nobody lacks but users whose joining or leaving has not been answered. */
  blocked: Message[] = []
  words = 0
  #now = 0
  #lastNames: string[] = []
  #lastMicros: number[] = []

  add(message: Message): void {
    this.open.push(message)
    if (this.open.size > MOST_OPEN) this.#settleOldest()
  }

  /** Everything is known about who should have it. */
  judge(message: Message): void {
    const { missing, undecided, isEverywhere } = review(message.room, message, false)
    message.missing = missing
    if (missing + undecided > 0) {
      this.#reopen(message)
      if (missing === 0) this.blocked.push(message)
      return
    }
    if (message.stage !== 'kept') {
      this.open.remove(message)
      this.kept.push(message)
      message.stage = 'kept'
      message.keptAt = this.#now
      this.#report(message)
    }
    if (isEverywhere && message.lateBits === undefined && message.disorderBits === undefined) {
      this.#free(message)
      message.isEverywhere = true
    }
  }

  /** Looks again at those whose receivers had not been answered. */
  unblock(): void {
    const { blocked } = this
    this.blocked = []
    for (const message of blocked) if (message.stage === 'open') this.judge(message)
  }

  /** Writes down who has it, where that went without saying until now. */
  restore(message: Message): void {
    if (!message.isEverywhere) return
    const { room } = message
    const bits: Bitmap = []
    for (const latest of room.memberships.latestOfEach()) {
      for (let slot = latest; slot >= 0; slot = room.earlier(slot, message)) {
        if (room.claim(message, slot) >= POSSIBLE) this.words += setBit(bits, slot)
      }
    }
    message.bits = bits
    message.isEverywhere = false
  }

  setReceived(message: Message, slot: number): void {
    this.words += setBit((message.bits ??= []), slot)
  }

  setLate(message: Message, slot: number): void {
    this.words += setBit((message.lateBits ??= []), slot)
  }

  setOutOfOrder(message: Message, slot: number): void {
    this.words += setBit((message.disorderBits ??= []), slot)
  }

  /** Forgets what is old, and what there is no memory for. */
  tend(now: number): void {
    this.#now = now
    const { kept } = this
    while (kept.oldest !== undefined && (kept.size > MOST_KEPT || kept.oldest.keptAt + KEPT_FOR < now)) {
      this.#forgetOldestKept()
    }
    while (this.words > MOST_WORDS && kept.oldest !== undefined) this.#forgetOldestKept()
    while (this.words > MOST_WORDS && this.open.oldest !== undefined) this.#settleOldest()
  }

  /** The end: what is missing is lost. */
  settle(): void {
    while (this.kept.oldest !== undefined) this.#forgetOldestKept()
    for (let message = this.open.oldest; message !== undefined; message = this.open.oldest) {
      review(message.room, message, true)
      this.#report(message)
      this.#forget(this.open, message)
    }
  }

  takeLast(): { readonly messages: string[]; readonly micros: number[] } {
    const last = { messages: this.#lastNames, micros: this.#lastMicros }
    this.#lastNames = []
    this.#lastMicros = []
    return last
  }

  /** Its later copies will be of a key that nobody knows. */
  #settleOldest(): void {
    const message = this.open.oldest
    if (message === undefined) return
    const { missing } = review(message.room, message, true)
    if (missing > 0) message.room.tally.settledEarly++
    this.#report(message)
    this.#forget(this.open, message)
  }

  #forgetOldestKept(): void {
    const message = this.kept.oldest
    if (message === undefined) return
    // Who was not to be told for certain may have left since, with a number that tells.
    if (message.account.uncertain > 0) review(message.room, message, true)
    this.#forget(this.kept, message)
  }

  #reopen(message: Message): void {
    if (message.stage === 'kept') {
      this.kept.remove(message)
      this.open.push(message)
    }
    message.stage = 'open'
  }

  #forget(list: MessageList, message: Message): void {
    list.remove(message)
    this.#free(message)
    message.unlink()
    message.stage = 'forgotten'
  }

  #free(message: Message): void {
    this.words -= message.words
    message.bits = undefined
    message.lateBits = undefined
    message.disorderBits = undefined
  }

  #report(message: Message): void {
    if (message.isReported) return
    message.isReported = true
    const { room, key, lastMicros } = message
    this.#lastNames.push(`${room.topic.event}\n${room.name}\n${key}`)
    this.#lastMicros.push(lastMicros)
  }
}
