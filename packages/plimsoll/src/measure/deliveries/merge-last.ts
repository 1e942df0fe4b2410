import { type Micros, micros } from '../../base/units.ts'
import type { LastReceipts } from './types.ts'

/** Messages that not all workers have told of yet; beyond, the oldest are given out as they stand. */
const MOST_WAITING = 400_000

interface Partial {
  worst: number
  reports: number
}

/** Joins what workers tell of each message: how long its last receiver, wherever it is, waited. */
export class LastReceiptMerge {
  readonly #workers: number
  readonly #partial = new Map<string, Partial>()

  constructor(workers: number) {
    this.#workers = workers
  }

  /** One worker's report; gives a sample for each message that all workers have told of now. */
  add({ messages, micros: latencies }: LastReceipts): Micros[] {
    const samples: Micros[] = []
    messages.forEach((message, i) => {
      const latency = latencies[i] ?? -1
      if (this.#workers === 1) give(samples, latency)
      else this.#merge(message, latency, samples)
    })
    for (const [message, { worst }] of this.#partial) {
      if (this.#partial.size <= MOST_WAITING) break
      this.#partial.delete(message)
      give(samples, worst)
    }
    return samples
  }

  #merge(message: string, latency: number, samples: Micros[]): void {
    let partial = this.#partial.get(message)
    if (partial === undefined) this.#partial.set(message, (partial = { worst: -1, reports: 0 }))
    partial.worst = Math.max(partial.worst, latency)
    if (++partial.reports < this.#workers) return
    this.#partial.delete(message)
    give(samples, partial.worst)
  }
}

/** What nobody received has no last receiver. */
function give(samples: Micros[], latency: number): void {
  if (latency >= 0) samples.push(micros(latency))
}
