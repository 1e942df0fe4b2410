import type { Readable } from './read-gate.ts'

/** The messages of a socket for whoever iterates over it, from the first iteration on until it is left. */
export class Inbox<Message> implements AsyncIterator<Message> {
  readonly #sender: Readable
  readonly #left: () => void
  readonly #waiting: ((result: IteratorResult<Message>) => void)[] = []
  #messages: Message[] = []
  #over = false
  #full = false

  /**
   * @param sender paused when there are too many messages, until there are few again: who sends faster must wait
   * @param left told when the plan breaks off: messages must not be put any more, as nobody will take them
   */
  constructor(sender: Readable, left: () => void) {
    this.#sender = sender
    this.#left = left
  }

  put(message: Message): void {
    const waiting = this.#waiting.shift()
    if (waiting !== undefined) {
      waiting({ value: message, done: false })
      return
    }
    this.#messages.push(message)
    if (!this.#full && this.#messages.length >= MOST) this.#setFull(true)
  }

  end(): void {
    this.#over = true
    for (const waiting of this.#waiting.splice(0)) waiting({ value: undefined, done: true })
  }

  next(): Promise<IteratorResult<Message>> {
    if (this.#messages.length > 0) {
      const value = this.#messages.shift() as Message
      if (this.#full && this.#messages.length <= MOST / 2) this.#setFull(false)
      return Promise.resolve({ value, done: false })
    }
    if (this.#over) return Promise.resolve({ value: undefined, done: true })
    return new Promise((resolve) => this.#waiting.push(resolve))
  }

  return(): Promise<IteratorResult<Message>> {
    this.#messages = []
    this.end()
    if (this.#full) this.#setFull(false)
    this.#left()
    return Promise.resolve({ value: undefined, done: true })
  }

  #setFull(full: boolean): void {
    this.#full = full
    if (full) this.#sender.pause()
    else this.#sender.resume()
  }
}

/** Messages that nobody has asked for yet, before the socket stops reading. */
const MOST = 1000
