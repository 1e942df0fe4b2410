/** What is kept of an entry for those who come back. */
export interface Told {
  readonly seq: number
  /** What clients get, an object. */
  readonly json: string
}

/** Entries that are packed together. */
const blockSize = 50
const mostBlocks = 10
/** No JSON that a program wrote holds one. */
const between = '\n'

/**
 * The newest entries of a log that counts 1, 2, 3…: 500 of them and up to 50 more. They are seldom asked for, so they lie packed
 * as UTF-8 outside the heap: a tenth more than their text, where a string and an object for each would be twice as much.
 */
export class Recent {
  readonly #blocks: Buffer[] = []
  #open: string[] = []
  #last: number | undefined

  push({ seq, json }: Told): void {
    this.#last = seq
    this.#open.push(json)
    if (this.#open.length < blockSize) return
    this.#blocks.push(Buffer.from(this.#open.join(between)))
    this.#open = []
    if (this.#blocks.length > mostBlocks) this.#blocks.shift()
  }

  /** All entries after `seq`, which is before the newest; undefined when not all of them are kept. */
  since(seq: number): readonly Told[] | undefined {
    if (this.#last === undefined) return undefined
    const missed = this.#last - seq
    const fromBlocks = Math.max(0, missed - this.#open.length)
    const blocks = Math.ceil(fromBlocks / blockSize)
    if (blocks > this.#blocks.length) return undefined
    const kept = this.#blocks.slice(this.#blocks.length - blocks).flatMap((block) => block.toString().split(between))
    return [...kept, ...this.#open].slice(-missed).map((json, index) => ({ seq: seq + 1 + index, json }))
  }
}
