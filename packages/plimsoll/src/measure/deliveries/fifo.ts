import type { Room } from './room.ts'

const FIRST_CAPACITY = 256
/** Two references, an index and three numbers; the key comes on top. */
const BYTES_OF_RECEIPT = 44
const MOST = 1 << 20

/**
 * Receipts in the order in which they came, waiting until their publications are known. The slot and the connection
 * are those of their arrival: either may be another by the time they are looked at.
 */
export class WaitingReceipts {
  size = 0
  #head = 0
  #mask = FIRST_CAPACITY - 1
  #rooms: (Room | undefined)[] = new Array(FIRST_CAPACITY).fill(undefined)
  #keys: string[] = new Array(FIRST_CAPACITY).fill('')
  #slots = new Int32Array(FIRST_CAPACITY)
  #ats = new Float64Array(FIRST_CAPACITY)
  #seqs = new Float64Array(FIRST_CAPACITY)
  #reconnects = new Float64Array(FIRST_CAPACITY)

  get isFull(): boolean {
    return this.size === MOST
  }

  get bytes(): number {
    return (this.#mask + 1) * BYTES_OF_RECEIPT
  }

  push(room: Room, slot: number, key: string, at: number, seq: number, reconnectedAt: number): void {
    if (this.size > this.#mask) this.#grow()
    const index = (this.#head + this.size++) & this.#mask
    this.#rooms[index] = room
    this.#keys[index] = key
    this.#slots[index] = slot
    this.#ats[index] = at
    this.#seqs[index] = seq
    this.#reconnects[index] = reconnectedAt
  }

  /** Of the oldest; call only when there is one. */
  get room(): Room {
    return this.#rooms[this.#head]!
  }

  get key(): string {
    return this.#keys[this.#head]!
  }

  get slot(): number {
    return this.#slots[this.#head]!
  }

  get at(): number {
    return this.#ats[this.#head]!
  }

  get seq(): number {
    return this.#seqs[this.#head]!
  }

  get reconnectedAt(): number {
    return this.#reconnects[this.#head]!
  }

  shift(): void {
    this.#rooms[this.#head] = undefined
    this.#keys[this.#head] = ''
    this.#head = (this.#head + 1) & this.#mask
    this.size--
  }

  #grow(): void {
    const capacity = (this.#mask + 1) * 2
    // The ring is full, so from the head on it is in order.
    const numbers = <T extends Int32Array | Float64Array>(old: T, grown: T): T => {
      grown.set(old.subarray(this.#head))
      grown.set(old.subarray(0, this.#head), old.length - this.#head)
      return grown
    }
    const references = <T>(old: T[], filler: T): T[] => {
      const grown = old.slice(this.#head).concat(old.slice(0, this.#head))
      while (grown.length < capacity) grown.push(filler)
      return grown
    }
    this.#rooms = references(this.#rooms, undefined)
    this.#keys = references(this.#keys, '')
    this.#slots = numbers(this.#slots, new Int32Array(capacity))
    this.#ats = numbers(this.#ats, new Float64Array(capacity))
    this.#seqs = numbers(this.#seqs, new Float64Array(capacity))
    this.#reconnects = numbers(this.#reconnects, new Float64Array(capacity))
    this.#head = 0
    this.#mask = capacity - 1
  }
}
