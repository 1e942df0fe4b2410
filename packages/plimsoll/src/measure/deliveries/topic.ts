import { DEFAULT_DELIVERY } from './defaults.ts'
import { ReceiverLatencies } from './receivers.ts'
import { newTally, type Tally, takeCounts } from './tally.ts'
import type { DeliveryCounts } from './types.ts'

const MOST_NAMED_ROOMS = 200

/** One kind of message: its settings and its counts by room. */
export class Topic {
  readonly event: string
  settings = DEFAULT_DELIVERY
  readonly latencies = new ReceiverLatencies()
  readonly #tallies = new Map<string, Tally>()
  readonly other = newTally('other')

  constructor(event: string) {
    this.event = event
  }

  tally(room: string): Tally {
    let tally = this.#tallies.get(room)
    if (tally === undefined) {
      if (this.#tallies.size >= MOST_NAMED_ROOMS) return this.other
      this.#tallies.set(room, (tally = newTally(room)))
    }
    return tally
  }

  take(): DeliveryCounts[] {
    return [...this.#tallies.values(), this.other].flatMap((tally) => takeCounts(this.event, tally) ?? [])
  }
}
