import { Recent, type Told } from './recent.ts'

/** An entry of a log that counts 1, 2, 3… */
export interface Entry extends Told {
  /** When it was accepted, in milliseconds since 1970. */
  readonly at: number
}

/**
 * Puts one log's entries in order, from wherever and however often they come: each is handed on once, after the one
 * before it. What comes early is held until the hole before it is filled.
 */
export class Sequencer {
  readonly #deliver: (entry: Entry) => void
  readonly #held = new Map<number, Entry>()
  readonly #recent = new Recent()
  #last: number | undefined

  constructor(deliver: (entry: Entry) => void) {
    this.#deliver = deliver
  }

  /** The number of the entry that was handed on last. */
  get last(): number {
    return this.#last ?? 0
  }

  /** True while something is held that cannot be handed on. */
  get hasHole(): boolean {
    return this.#held.size > 0
  }

  /** Begins after `last`; what was offered before is held until now. */
  start(last: number): void {
    this.#last = last
    for (const seq of this.#held.keys()) if (seq <= last) this.#held.delete(seq)
    this.#advance()
  }

  offer(entry: Entry): void {
    if (this.#last !== undefined && entry.seq <= this.#last) return
    if (this.#last !== undefined && entry.seq === this.#last + 1) this.#hand(entry)
    else this.#held.set(entry.seq, entry)
    this.#advance()
  }

  /** All entries after `seq` that were handed on; undefined when not all of them are kept. */
  since(seq: number): readonly Told[] | undefined {
    return seq >= this.last ? [] : this.#recent.since(seq)
  }

  #advance(): void {
    if (this.#last === undefined || this.#held.size === 0) return
    for (let next = this.#held.get(this.#last + 1); next; next = this.#held.get(this.#last + 1)) {
      this.#held.delete(next.seq)
      this.#hand(next)
    }
  }

  #hand(entry: Entry): void {
    this.#last = entry.seq
    this.#recent.push(entry)
    this.#deliver(entry)
  }
}
