import type { Message } from './room.ts'

/** Copies of messages as they reach one member, in their order: the truth about it. */
export class Journal {
  readonly messages: Message[] = []
  /** When each was written to the member's connection: microseconds of the clock that all processes share. */
  readonly writtenUs: number[] = []
  /** Whether each was sent before the connection was made that brought it. */
  readonly late: boolean[] = []

  get length(): number {
    return this.messages.length
  }

  add(message: Message, writtenUs: number, isLate: boolean): void {
    this.messages.push(message)
    this.writtenUs.push(writtenUs)
    this.late.push(isLate)
  }

  /** Takes back what was written after the first `length` copies and never arrived; gives messages of which no copy did. */
  truncate(length: number): Message[] {
    const arrived = new Set(this.messages.slice(0, length))
    const missed = new Set(this.messages.slice(length).filter((message) => !arrived.has(message)))
    this.messages.length = length
    this.writtenUs.length = length
    this.late.length = length
    return [...missed]
  }
}
