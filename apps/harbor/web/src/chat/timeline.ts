import type { Message } from './message.ts'

/** Consecutive numbers, both ends included. */
export interface Span {
  readonly from: number
  readonly to: number
}

/** Messages that are held at most; seed 000 lets go beyond this. */
const mostHeld = 10_000
const heldAfterTrim = 8_000

/**
 * What is known of a room: its messages have the numbers 1 to `lastSeq` without a gap, so whatever is not here is known
 * to be missing, by its number. Each number has one place: nothing is ever twice, or out of order.
 */
export class Timeline {
  #lastSeq = 0
  readonly #messages = new Map<number, Message>()
  /** Numbers that the server was asked for and did not give. */
  readonly #void = new Set<number>()

  get lastSeq(): number {
    return this.#lastSeq
  }

  get held(): number {
    return this.#messages.size
  }

  at(seq: number): Message | undefined {
    return this.#messages.get(seq)
  }

  isVoid(seq: number): boolean {
    return this.#void.has(seq)
  }

  /** The room has come this far. @returns true if that is news */
  extend(seq: number): boolean {
    if (seq <= this.#lastSeq) return false
    this.#lastSeq = seq
    return true
  }

  /** @returns true if any was not known */
  add(messages: readonly Message[]): boolean {
    let news = false
    for (const message of messages) {
      news = this.extend(message.seq) || !this.#messages.has(message.seq) || news
      this.#messages.set(message.seq, message)
    }
    return news
  }

  /** What the server gave for a span: numbers in it that did not come are not there. */
  fill(span: Span, messages: readonly Message[]): void {
    this.add(messages)
    for (let seq = span.from; seq <= span.to; seq++) if (!this.#messages.has(seq)) this.#void.add(seq)
  }

  /** The blocks of `size` numbers in which something of a span is missing: always the same blocks, so none is fetched twice. */
  missing({ from, to }: Span, size: number): readonly Span[] {
    const spans: Span[] = []
    const end = Math.min(to, this.#lastSeq)
    for (let seq = Math.max(1, from); seq <= end; seq++) {
      if (this.#messages.has(seq) || this.#void.has(seq)) continue
      const first = seq - ((seq - 1) % size)
      const last = Math.min(first + size - 1, this.#lastSeq)
      spans.push({ from: first, to: last })
      seq = last
    }
    return spans
  }

  /** The newest messages up to the first gap, oldest first. */
  newest(count: number): readonly Message[] {
    const found: Message[] = []
    for (let seq = this.#lastSeq; seq > 0 && found.length < count; seq--) {
      const message = this.#messages.get(seq)
      if (message === undefined) break
      found.push(message)
    }
    return found.reverse()
  }

  /** Lets go of the messages that are farthest from those in view, when there are too many. */
  trim(inView: Span): void {
    if (this.#messages.size <= mostHeld) return
    const distance = (seq: number) => Math.max(inView.from - seq, seq - inView.to, 0)
    const farthest = [...this.#messages.keys()].sort((one, other) => distance(other) - distance(one))
    for (const seq of farthest.slice(0, this.#messages.size - heldAfterTrim)) this.#messages.delete(seq)
  }
}
