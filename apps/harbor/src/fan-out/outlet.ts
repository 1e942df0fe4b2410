import { type Outgoing, Prepared } from './prepared.ts'

/** Who gets what a channel sends. */
export interface Receiver {
  /** Wants several entries of a log as one event. */
  readonly batch: boolean
  /** Whose it is. */
  readonly userId: string
  write(prepared: Prepared): void
}

/** The longest that a busy channel keeps something back, in milliseconds. */
const longestPause = 40
/**
 * A channel writes for a sixteenth of the time at most, while that takes no longer pauses: each frame costs the proxy and
 * the receiver as much again, on cores that they may share.
 */
const pausePerWriting = 15

/**
 * Writes to all receivers of a channel. What comes after a pause goes out at once; a channel whose writing costs time
 * waits fifteen times as long as the last writing took, up to 40 ms, and sends what came meanwhile together: each receiver
 * costs a system call, however much is in it.
 */
export class Outlet {
  readonly receivers = new Set<Receiver>()
  readonly #flushed: () => void
  readonly #event: string
  readonly #batchEvent: string | undefined
  #waiting: Outgoing[] = []
  #scheduled = false
  #quietUntil = 0

  /** @param batchEvent carries several of `event` to those who want that */
  constructor(event: string, batchEvent: string | undefined, flushed: () => void) {
    this.#event = event
    this.#batchEvent = batchEvent
    this.#flushed = flushed
  }

  push(outgoing: Outgoing): void {
    this.#waiting.push(outgoing)
    if (this.#scheduled) return
    this.#scheduled = true
    const pause = this.#quietUntil - performance.now()
    if (pause > 0.5) setTimeout(this.#tick, pause)
    else setImmediate(this.#tick)
  }

  /** Sends at once what waits: before someone is added who has it already. */
  flush(): void {
    const events = this.#waiting
    if (events.length === 0) return
    this.#waiting = []
    const began = performance.now()
    const single = new Prepared(events)
    const together =
      events.length > 1 && this.#batchEvent ? new Prepared(this.#batched(events, this.#batchEvent)) : single
    for (const receiver of this.receivers) receiver.write(receiver.batch ? together : single)
    const ended = performance.now()
    this.#quietUntil = ended + Math.min(pausePerWriting * (ended - began), longestPause)
    this.#flushed()
  }

  readonly #tick = (): void => {
    this.#scheduled = false
    this.flush()
  }

  /** Runs of entries become one event; what else waits keeps its place. */
  #batched(events: readonly Outgoing[], batchEvent: string): readonly Outgoing[] {
    const batched: Outgoing[] = []
    let run: string[] = []
    const end = () => {
      if (run.length > 0) batched.push({ event: batchEvent, json: `[${run.join(',')}]` })
      run = []
    }
    for (const outgoing of events) {
      if (outgoing.event === this.#event) run.push(outgoing.json)
      else {
        end()
        batched.push(outgoing)
      }
    }
    end()
    return batched
  }
}
