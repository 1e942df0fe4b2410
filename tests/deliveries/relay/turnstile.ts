type Side = 'publishing' | 'returning'

interface Waiting {
  readonly side: Side
  readonly enter: () => void
}

/**
 * Keeps messages that are being sent apart from members that are coming back, so that "sent before the receiver's
 * connection was made" is a matter of order, with no instant too close to call. Any number of one side may be inside.
 */
export class Turnstile {
  #side: Side | undefined
  #inside = 0
  readonly #waiting: Waiting[] = []

  /** Settles when inside; the function that it gives leaves, once. */
  async pass(side: Side): Promise<() => void> {
    if (this.#waiting.length > 0 || (this.#inside > 0 && this.#side !== side)) {
      await new Promise<void>((enter) => this.#waiting.push({ side, enter }))
    } else {
      this.#enter(side)
    }
    let isInside = true
    return () => {
      if (isInside) this.#leave()
      isInside = false
    }
  }

  #enter(side: Side): void {
    this.#side = side
    this.#inside++
  }

  #leave(): void {
    if (--this.#inside > 0) return
    const side = this.#waiting[0]?.side
    while (side !== undefined && this.#waiting[0]?.side === side) {
      this.#enter(side)
      this.#waiting.shift()?.enter()
    }
  }
}
