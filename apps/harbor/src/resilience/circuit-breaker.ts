/** Thrown without trying while a breaker is open. */
export class BreakerOpen extends Error {
  constructor(what: string) {
    super(`${what} is away, and is not asked again before a moment has passed.`)
    this.name = 'BreakerOpen'
  }
}

interface Options {
  /** What it guards, for people. */
  readonly name: string
  /** Failures in a row after which it opens. */
  readonly threshold?: number
  /** In milliseconds: how long it stays open before one is let through to try. */
  readonly pause?: number
  readonly onChange?: (open: boolean) => void
  readonly now?: () => number
}

/**
 * Closed: everything passes. Open, after failures in a row: nothing does, so that nobody waits for a service that is
 * away. After a pause one is let through; what becomes of it decides.
 */
export class CircuitBreaker {
  readonly #name: string
  readonly #threshold: number
  readonly #pause: number
  readonly #onChange: (open: boolean) => void
  readonly #now: () => number
  #failures = 0
  /** When the next one may try; undefined while closed. */
  #retryAt: number | undefined

  constructor({ name, threshold = 5, pause = 500, onChange = () => undefined, now = Date.now }: Options) {
    this.#name = name
    this.#threshold = threshold
    this.#pause = pause
    this.#onChange = onChange
    this.#now = now
  }

  get isOpen(): boolean {
    return this.#retryAt !== undefined
  }

  /** @throws {BreakerOpen} when it is not the time to try */
  enter(): void {
    if (this.#retryAt === undefined) return
    const now = this.#now()
    if (now < this.#retryAt) throw new BreakerOpen(this.#name)
    // One tries; should its answer never come, another may after the next pause.
    this.#retryAt = now + this.#pause
  }

  succeed(): void {
    this.#failures = 0
    if (this.#retryAt === undefined) return
    this.#retryAt = undefined
    this.#onChange(false)
  }

  fail(): void {
    this.#failures += 1
    if (this.#failures < this.#threshold) return
    const opens = this.#retryAt === undefined
    this.#retryAt = this.#now() + this.#pause
    if (opens) this.#onChange(true)
  }
}
