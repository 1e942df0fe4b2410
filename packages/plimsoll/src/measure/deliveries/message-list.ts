import type { Message } from './room.ts'

/** Messages in the order in which they came in, linked through themselves. */
export class MessageList {
  size = 0
  oldest: Message | undefined
  newest: Message | undefined

  push(message: Message): void {
    message.older = this.newest
    message.newer = undefined
    if (this.newest === undefined) this.oldest = message
    else this.newest.newer = message
    this.newest = message
    this.size++
  }

  remove(message: Message): void {
    const { older, newer } = message
    if (older === undefined) this.oldest = newer
    else older.newer = newer
    if (newer === undefined) this.newest = older
    else newer.older = older
    message.older = undefined
    message.newer = undefined
    this.size--
  }
}
