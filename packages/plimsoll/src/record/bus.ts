import type { RunEvent, RunEventBody } from './events.ts'

export type Subscriber = (event: RunEvent) => void

/**
 * The run's one stream: numbers events without gaps and hands each to every subscriber in the same order, also when a
 * subscriber publishes while it is being told. A subscriber that throws is reported once and told no more (it has
 * missed an event, so what it shows from there on would be wrong); the others never notice.
 */
export class EventBus {
  readonly #subscribers = new Set<Subscriber>()
  readonly #onError: (error: unknown) => void
  readonly #queue: RunEvent[] = []
  #next = 0
  #delivering = false

  constructor(onError: (error: unknown) => void) {
    this.#onError = onError
  }

  publish(body: RunEventBody): RunEvent {
    const event: RunEvent = { ...body, seq: this.#next++ }
    this.#queue.push(event)
    if (!this.#delivering) this.#deliver()
    return event
  }

  /** Returns how to unsubscribe. Events from before are not repeated. */
  subscribe(subscriber: Subscriber): () => void {
    const own: Subscriber = (event) => subscriber(event)
    this.#subscribers.add(own)
    return () => {
      this.#subscribers.delete(own)
    }
  }

  #deliver(): void {
    this.#delivering = true
    try {
      for (let event = this.#queue.shift(); event !== undefined; event = this.#queue.shift()) {
        for (const subscriber of [...this.#subscribers]) {
          // Another subscriber may have unsubscribed it on this very event.
          if (this.#subscribers.has(subscriber)) this.#tell(subscriber, event)
        }
      }
    } finally {
      this.#delivering = false
    }
  }

  #tell(subscriber: Subscriber, event: RunEvent): void {
    try {
      subscriber(event)
    } catch (error) {
      this.#subscribers.delete(subscriber)
      this.#onError(error)
    }
  }
}
