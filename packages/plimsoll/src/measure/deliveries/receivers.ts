import { micros } from '../../base/units.ts'
import type { Recorder } from '../recorder.ts'

/** A room's members, as far as a user who leaves them must know. */
export interface Joined {
  gone(user: number, at: number): void
}

/** One user of this worker. */
export interface Receiver {
  readonly user: number
  /** Counts this worker's users from 0: where a topic finds what it keeps of them. */
  readonly index: number
  reconnectedAt: number
  /** Where its membership has not ended. */
  readonly joined: Joined[]
}

/** With its place in the map, its list of rooms and what topics keep of it. */
export const BYTES_OF_RECEIVER = 350

/** The users that this worker has met. */
export class Receivers {
  readonly #byUser = new Map<number, Receiver>()

  get size(): number {
    return this.#byUser.size
  }

  find(user: number): Receiver | undefined {
    return this.#byUser.get(user)
  }

  of(user: number): Receiver {
    let receiver = this.#byUser.get(user)
    if (receiver === undefined) {
      receiver = { user, index: this.#byUser.size, reconnectedAt: Number.NEGATIVE_INFINITY, joined: [] }
      this.#byUser.set(user, receiver)
    }
    return receiver
  }
}

/** What each receiver got of one kind of message: 24 bytes a user. */
export class ReceiverLatencies {
  #counts = new Float64Array(64)
  #sums = new Float64Array(64)
  #worst = new Float64Array(64)

  add(index: number, latency: number): void {
    if (index >= this.#counts.length) this.#grow(index)
    this.#counts[index]!++
    this.#sums[index]! += latency
    if (latency > this.#worst[index]!) this.#worst[index] = latency
  }

  /** One sample for each receiver that got anything; starts anew. */
  recordTo(recorder: Recorder, event: string): void {
    for (let index = 0; index < this.#counts.length; index++) {
      const count = this.#counts[index]!
      if (count === 0) continue
      const mean = micros(Math.round(this.#sums[index]! / count))
      recorder.series('delivery.receiver_mean', 'endpoint', event).record(mean, false)
      recorder.series('delivery.receiver_max', 'endpoint', event).record(micros(this.#worst[index]!), false)
    }
    this.#counts.fill(0)
    this.#sums.fill(0)
    this.#worst.fill(0)
  }

  #grow(index: number): void {
    const capacity = 2 ** Math.ceil(Math.log2(index + 1))
    const grown = (old: Float64Array) => {
      const array = new Float64Array(capacity)
      array.set(old)
      return array
    }
    this.#counts = grown(this.#counts)
    this.#sums = grown(this.#sums)
    this.#worst = grown(this.#worst)
  }
}
