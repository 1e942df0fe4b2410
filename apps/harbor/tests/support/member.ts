import { setTimeout as delay } from 'node:timers/promises'
import type { Dial, Message, Talker } from './talk.ts'

/**
 * Someone in a room who does what a good client does: sends again what was not acknowledged, comes back after what it has
 * seen, wherever it gets a connection. Whatever it should not see is kept.
 */
export class Member {
  /** Gaps, repeats, wrong orders. */
  readonly wrong: string[] = []
  /** The number that each acknowledged message got. */
  readonly acknowledged = new Map<string, number>()
  last = 0
  talker: Talker | undefined
  #stopped = false
  #outbox = new Set<string>()
  readonly #room: string
  readonly #dial: () => Promise<Talker>

  constructor(room: string, token: string, dial: Dial, urls: () => readonly string[]) {
    this.#room = room
    this.#dial = () => {
      const all = urls()
      return dial(all[Math.floor(Math.random() * all.length)] ?? '', token, { batch: Math.random() < 0.5 })
    }
  }

  async live(): Promise<void> {
    while (!this.#stopped) {
      try {
        this.talker = await this.#dial()
        await this.#join(this.talker)
        for (const id of this.#outbox) void this.#send(id)
        await this.talker.closed
      } catch {
        this.talker?.cut()
      }
      await delay(20 + Math.random() * 100)
    }
  }

  say(id: string): void {
    this.#outbox.add(id)
    void this.#send(id)
  }

  get isDone(): boolean {
    return this.#outbox.size === 0
  }

  stop(): void {
    this.#stopped = true
    this.talker?.close()
  }

  async #join(talker: Talker): Promise<void> {
    // What comes while the answer is under way belongs after what was missed.
    let early: Message[] | undefined = []
    const take = (message: Message) => (early ? void early.push(message) : this.#receive(message))
    talker.on('message', take)
    talker.on('messages', (batch: readonly Message[]) => {
      for (const message of batch) take(message)
    })
    for (let more = true; more; ) {
      const answer = await talker.ask('room:join', { room_id: this.#room, after_seq: this.last })
      if (!answer.ok) throw new Error(answer.error?.message)
      for (const message of answer.missed) this.#receive(message)
      more = answer.more
    }
    for (const message of early) this.#receive(message)
    early = undefined
  }

  async #send(id: string): Promise<void> {
    const { talker } = this
    if (talker === undefined) return
    try {
      const answer = await talker.ask('message:send', { room_id: this.#room, content: id, client_id: id })
      if (answer.ok) {
        this.acknowledged.set(id, answer.message.seq)
        this.#outbox.delete(id)
        return
      }
      await delay(50)
      if (this.talker === talker && this.#outbox.has(id)) void this.#send(id)
    } catch {
      // It is sent again on the next connection.
    }
  }

  #receive({ seq }: Message): void {
    if (seq === this.last + 1) this.last = seq
    else this.wrong.push(`${seq} after ${this.last}`)
  }
}
