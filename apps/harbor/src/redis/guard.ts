import type { CircuitBreaker } from '../resilience/circuit-breaker.ts'
import type { RedisObserver } from './redis-observer.ts'

/** Redis could not be asked, or did not answer in time. */
export class RedisAway extends Error {
  constructor(cause: unknown) {
    super('Redis is away.', { cause })
    this.name = 'RedisAway'
  }
}

/** Everything that is asked of Redis goes through it: asked in vain a few times, it is left alone for a moment. */
export class Guard {
  readonly #breaker: CircuitBreaker
  readonly #observer: RedisObserver

  constructor(breaker: CircuitBreaker, observer: RedisObserver) {
    this.#breaker = breaker
    this.#observer = observer
  }

  /** @throws {RedisAway} whatever the reason */
  async ask<T>(question: () => Promise<T>): Promise<T> {
    try {
      this.#breaker.enter()
    } catch (error) {
      throw new RedisAway(error)
    }
    const began = performance.now()
    try {
      const answer = await question()
      this.#breaker.succeed()
      this.#observer.command(performance.now() - began)
      return answer
    } catch (error) {
      this.#breaker.fail()
      this.#observer.failure()
      throw new RedisAway(error)
    }
  }
}
