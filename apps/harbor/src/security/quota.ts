import type { KeyValue } from '../redis/key-value.ts'

/** Clients whose shares are remembered. Who is forgotten takes a new one, so a flood of them admits nobody. */
const mostHeld = 50_000

interface Options {
  readonly store: KeyValue
  readonly name: string
  readonly limit: number
  /** In milliseconds. */
  readonly window: number
  /** The most points that are taken from the store at once. */
  readonly most: number
  readonly now?: () => number
}

interface Held {
  /** What is left of the shares that were taken. */
  points: number
  /** When the window ends, in milliseconds since 1970. */
  until: number
  /** The store has nothing left in this window. */
  isSpent: boolean
  /** It was this instance that found that out first, and nobody has been refused for it yet. */
  isFirst: boolean
  /** Questions to the store that are under way. */
  asking: number
}

export interface Refusal {
  readonly msBeforeNext: number
  /** Of all refusals in this window, on all instances. */
  readonly isFirst: boolean
}

/**
 * So many points for each key in a window, on all instances together. An instance takes them from the store in shares
 * and then asks nobody: a busy client costs a question for each few dozen of its requests. More than the limit is never
 * given. What one instance still holds of its share, the others refuse: a share is a twentieth of what is left at the
 * most, and single points towards the end.
 */
export class Quota {
  readonly #options: Options
  readonly #now: () => number
  readonly #held = new Map<string, Held>()

  constructor(options: Options) {
    this.#options = options
    this.#now = options.now ?? Date.now
  }

  /** @returns the refusal when nothing is left, undefined when a point was consumed; at once where that is known here */
  consume(key: string): Refusal | undefined | Promise<Refusal | undefined> {
    const held = this.#held.get(key)
    const now = this.#now()
    if (held !== undefined && held.until > now && (held.points > 0 || held.isSpent)) return spend(held, now)
    return this.#take(key, held ?? this.#hold(key))
  }

  async #take(key: string, held: Held): Promise<Refusal | undefined> {
    const { store, name, limit, window, most } = this.#options
    const asked = this.#now()
    // Of those who ask at the same time, one takes a share and the others what they need.
    const wanted = held.asking === 0 ? most : 1
    held.asking += 1
    try {
      const { points, taken, ttl } = await store.takeShare(`harbor:${name}:${key}`, {
        limit,
        most: wanted,
        ttl: window,
      })
      // Counted from the question on: what is held is void before the store begins the next window.
      const until = asked + ttl
      if (until - held.until > window / 2) Object.assign(held, { points: 0, isFirst: false })
      held.until = until
      held.isSpent = taken > limit
      if (held.isSpent) held.isFirst ||= taken === limit + 1
      else held.points += points
      return spend(held, asked)
    } finally {
      held.asking -= 1
    }
  }

  #hold(key: string): Held {
    if (this.#held.size >= mostHeld) this.#held.delete(this.#held.keys().next().value ?? '')
    const held = { points: 0, until: 0, isSpent: false, isFirst: false, asking: 0 }
    this.#held.set(key, held)
    return held
  }
}

function spend(held: Held, now: number): Refusal | undefined {
  if (held.points > 0) {
    held.points -= 1
    return undefined
  }
  const { isFirst } = held
  held.isFirst = false
  return { msBeforeNext: held.until - now, isFirst }
}
