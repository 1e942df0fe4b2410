/** A socket whose reading can be held up. */
export interface Readable {
  pause(): void
  resume(): void
}

/** A socket's reading, which several hold up for reasons of their own: it goes on when the last of them lets go. */
export class ReadGate {
  readonly #socket: Readable
  readonly #holders = new Set<Readable>()

  constructor(socket: Readable) {
    this.#socket = socket
  }

  /** For one reason; pausing or resuming twice is as good as once. */
  holder(): Readable {
    const holder: Readable = {
      pause: () => {
        this.#holders.add(holder)
        this.#socket.pause()
      },
      resume: () => {
        if (this.#holders.delete(holder) && this.#holders.size === 0) this.#socket.resume()
      },
    }
    return holder
  }

  /** A new connection reads by itself: what was held up stays so. */
  reopened(): void {
    if (this.#holders.size > 0) this.#socket.pause()
  }
}
