import { eventOf } from '../sockets/event-of.ts'
import type { Receipt } from './receipt.ts'

/** Texts that are kept: those of a few rooms at a few instances, on their way at once. */
const MOST = 16
/** In UTF-16 code units. */
const LONGEST = 64 * 1024

/** What a text says to those who only keep account of it. */
export interface ReadText {
  readonly text: string
  readonly event: string | undefined
  readonly receipts: readonly Receipt[]
}

/**
 * The JSON texts that were read last. What a room is told comes as the same text once for each of its members, and is
 * parsed for the first of them only. The parsed value never leaves: no user can change what another one reads.
 */
export class RecentTexts {
  readonly #receipts: (event: string, payload: unknown) => readonly Receipt[]
  readonly #texts: (ReadText | undefined)[] = new Array(MOST).fill(undefined)
  #newest = 0

  /** @param receipts what a payload delivers, by its paths alone */
  constructor(receipts: (event: string, payload: unknown) => readonly Receipt[]) {
    this.#receipts = receipts
  }

  /** @throws {SyntaxError} for what is no JSON */
  read(text: string): ReadText {
    for (let back = 0; back < MOST; back++) {
      const known = this.#texts[(this.#newest - back) & (MOST - 1)]
      if (known === undefined) break
      if (known.text === text) return known
    }
    const message: unknown = JSON.parse(text)
    const event = eventOf(message)
    const read = { text, event, receipts: event === undefined ? [] : this.#receipts(event, message) }
    if (text.length <= LONGEST) {
      this.#newest = (this.#newest + 1) & (MOST - 1)
      this.#texts[this.#newest] = read
    }
    return read
  }
}
