import { LastReceiptMerge } from '../../measure/deliveries/merge-last.ts'
import type { LastReceipts } from '../../measure/deliveries/types.ts'
import { Recorder, type SeriesFrame } from '../../measure/recorder.ts'

/** The series that no worker can make alone: how long the last receiver of each message, wherever it was, waited. */
export class LastReceivers {
  readonly #workers: number
  readonly #merges = new Map<string, LastReceiptMerge>()
  readonly #recorder = new Recorder()

  constructor(workers: number) {
    this.#workers = workers
  }

  add({ messages, micros }: LastReceipts): void {
    const reports = new Map<string, { messages: string[]; micros: number[] }>()
    messages.forEach((message, i) => {
      const event = message.slice(0, message.indexOf('\n'))
      let report = reports.get(event)
      if (report === undefined) reports.set(event, (report = { messages: [], micros: [] }))
      report.messages.push(message)
      report.micros.push(micros[i] ?? -1)
    })
    for (const [event, report] of reports) {
      for (const sample of this.#mergeOf(event).add(report)) {
        this.#recorder.series('delivery.last_receiver', 'endpoint', event).record(sample, false)
      }
    }
  }

  /** What has become known since the last call. */
  take(): SeriesFrame[] {
    return this.#recorder.swap().series
  }

  #mergeOf(event: string): LastReceiptMerge {
    let merge = this.#merges.get(event)
    if (merge === undefined) this.#merges.set(event, (merge = new LastReceiptMerge(this.#workers)))
    return merge
  }
}
