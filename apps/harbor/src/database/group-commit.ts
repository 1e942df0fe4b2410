/** One outcome for each item of a batch, in the same order; an `Error` refuses that item alone. */
export type Outcomes<Result> = readonly (Result | Error)[]

interface Options<Item, Result> {
  /** Writes a batch in one transaction. When it throws, nothing of the batch was written, or nobody can know. */
  readonly commit: (items: readonly Item[]) => Promise<Outcomes<Result>>
  readonly maxBatch: number
  /** Items, and bytes of items, that may wait; above that `submit` refuses at once. */
  readonly maxWaiting: number
  readonly maxWaitingBytes: number
  readonly refuse: () => Error
  /** True when the failure concerns every item (the database is away), not perhaps one of them. */
  readonly concernsAll: (error: unknown) => boolean
}

interface Waiting<Item, Result> {
  readonly item: Item
  readonly bytes: number
  readonly resolve: (result: Result) => void
  readonly reject: (error: unknown) => void
}

/**
 * Self-clocked group commit: the next batch is whatever arrived while the previous one was being committed. No timer,
 * so a lone item waits for nobody, and under load the batches grow by themselves.
 */
export class GroupCommit<Item, Result> {
  readonly #options: Options<Item, Result>
  #waiting: Waiting<Item, Result>[] = []
  #waitingBytes = 0
  #running: Promise<void> | undefined

  constructor(options: Options<Item, Result>) {
    this.#options = options
  }

  /** Resolves once the item is committed. Rejects when it was refused, or when its commit failed. */
  submit(item: Item, bytes: number): Promise<Result> {
    const { maxWaiting, maxWaitingBytes, refuse } = this.#options
    // A single item is always let in, however large, so that the limit on bytes can never refuse it for good.
    const full = this.#waiting.length >= maxWaiting || this.#waitingBytes + bytes > maxWaitingBytes
    if (full && this.#waiting.length > 0) return Promise.reject(refuse())
    return new Promise((resolve, reject) => {
      this.#waiting.push({ item, bytes, resolve, reject })
      this.#waitingBytes += bytes
      this.#running ??= this.#run()
    })
  }

  /** Resolves when nothing waits and nothing is being committed. */
  async idle(): Promise<void> {
    while (this.#running) await this.#running
  }

  async #run(): Promise<void> {
    // Everything that arrives in this turn of the event loop goes into the first batch.
    await new Promise(setImmediate)
    while (this.#waiting.length > 0) await this.#commit(this.#take(this.#options.maxBatch))
    this.#running = undefined
  }

  #take(count: number): Waiting<Item, Result>[] {
    const batch = this.#waiting.splice(0, count)
    for (const { bytes } of batch) this.#waitingBytes -= bytes
    return batch
  }

  async #commit(batch: readonly Waiting<Item, Result>[]): Promise<void> {
    try {
      const outcomes = await this.#options.commit(batch.map(({ item }) => item))
      for (const [index, { resolve, reject }] of batch.entries()) {
        const outcome = outcomes[index] as Result | Error
        if (outcome instanceof Error) reject(outcome)
        else resolve(outcome)
      }
    } catch (error) {
      await this.#fail(batch, error)
    }
  }

  async #fail(batch: readonly Waiting<Item, Result>[], error: unknown): Promise<void> {
    if (this.#options.concernsAll(error)) {
      // Those who wait would only wait longer for the same answer.
      for (const { reject } of [...batch, ...this.#take(this.#waiting.length)]) reject(error)
    } else if (batch.length === 1) {
      batch[0]?.reject(error)
    } else {
      // One item that Postgres does not take must not cost the others.
      for (const waiting of batch) await this.#commit([waiting])
    }
  }
}
