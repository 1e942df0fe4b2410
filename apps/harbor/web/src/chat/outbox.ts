import { ApiError } from '../net/api.ts'
import type { Message } from './message.ts'

/** A message that harbor has not acknowledged. */
export interface Draft {
  readonly client_id: string
  readonly room_id: string
  readonly content: string
  readonly created_at: string
  /** Why harbor refused it; undefined while it waits or is on its way. */
  readonly refusal?: string
}

/** Where drafts outlive the page. */
export interface DraftStore {
  load(): Promise<readonly Draft[]>
  put(draft: Draft): Promise<void>
  remove(clientId: string): Promise<void>
}

interface Options {
  readonly store: DraftStore
  /** Resolves when it is stored for good; sent twice, it is stored once, by its `client_id`. Throws an `ApiError`. */
  readonly send: (draft: Draft) => Promise<Message>
  readonly onSent: (message: Message) => void
  readonly onChange: () => void
  readonly wait: (milliseconds: number) => Promise<void>
}

/** In milliseconds, where the server does not say. */
const passingRefusal = 1_000

/**
 * Messages leave it in the order in which they were written, one after the other: what is sent next is sent when the one
 * before is acknowledged. What was cut off is sent again with the same `client_id`.
 */
export class Outbox {
  readonly #options: Options
  #drafts: readonly Draft[] = []
  #flushing = false

  constructor(options: Options) {
    this.#options = options
  }

  /** What is waiting, oldest first. */
  get drafts(): readonly Draft[] {
    return this.#drafts
  }

  async load(): Promise<void> {
    const kept = await this.#options.store.load()
    const known = new Set(this.#drafts.map(({ client_id }) => client_id))
    this.#set([...kept.filter(({ client_id }) => !known.has(client_id)), ...this.#drafts])
  }

  async add(draft: Draft): Promise<void> {
    this.#set([...this.#drafts, draft])
    await this.#options.store.put(draft).catch(() => undefined)
    await this.flush()
  }

  /** It came back from the server, by whatever way. */
  settle(clientId: string): void {
    if (!this.#drafts.some(({ client_id }) => client_id === clientId)) return
    this.#set(this.#drafts.filter(({ client_id }) => client_id !== clientId))
    void this.#options.store.remove(clientId).catch(() => undefined)
  }

  async retry(clientId: string): Promise<void> {
    this.#replace(clientId, ({ refusal: _, ...draft }) => draft)
    await this.flush()
  }

  /** Sends what waits, until all is sent or the connection is gone; the next connection calls it again. */
  async flush(): Promise<void> {
    if (this.#flushing) return
    this.#flushing = true
    try {
      for (let draft = this.#next(); draft !== undefined; draft = this.#next()) {
        if (!(await this.#sendOne(draft))) break
      }
    } finally {
      this.#flushing = false
    }
  }

  clear(): void {
    this.#set([])
  }

  #next = () => this.#drafts.find(({ refusal }) => refusal === undefined)

  /** @returns false when there is no use in going on */
  async #sendOne(draft: Draft): Promise<boolean> {
    try {
      const message = await this.#options.send(draft)
      // Its place in the room first, so that it is never in neither.
      this.#options.onSent(message)
      this.settle(draft.client_id)
      return true
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      if (error.status === 0 || error.status === 401) return false
      if (error.isPassing) await this.#options.wait(error.retryAfter * 1_000 || passingRefusal)
      else this.#replace(draft.client_id, (refused) => ({ ...refused, refusal: error.message }))
      return true
    }
  }

  #replace(clientId: string, change: (draft: Draft) => Draft): void {
    this.#set(this.#drafts.map((draft) => (draft.client_id === clientId ? change(draft) : draft)))
  }

  #set(drafts: readonly Draft[]): void {
    this.#drafts = drafts
    this.#options.onChange()
  }
}
