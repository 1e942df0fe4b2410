import type { Clock } from '../../base/clock.ts'
import { type Millis, millis } from '../../base/units.ts'

/** How long before a precise instant the timer hands over to turning the loop: a timer alone is 0.5 to 1.2 ms late. */
const LEAD = 1.6
/** An answer that comes meanwhile waits for half of this on average. */
const LINGER = 0.02
/** A turn of the loop with nothing to do is shorter than this; longer ones did work for somebody. */
const IDLE_TURN = 0.02

/** A wake-up that can still be called off. */
export interface Alarm {
  cancel(): void
}

/** Due at an instant; `wake` runs once, with the instant. Its own alarm: idle users have one each. */
class Entry implements Alarm {
  readonly due: Millis
  readonly wake: (due: Millis) => void
  /** Position in the heap, -1 once it has left. */
  slot: number
  readonly #timeline: Timeline

  constructor(timeline: Timeline, due: Millis, wake: (due: Millis) => void, slot: number) {
    this.#timeline = timeline
    this.due = due
    this.wake = wake
    this.slot = slot
  }

  cancel(): void {
    this.#timeline.remove(this)
  }
}

/**
 * Wake-ups at absolute instants, a binary heap over one timer. `precise` ones turn the event loop for the last
 * 1.6 ms, which starts them within microseconds and costs a part of a core; coarse ones come with the timer's tick,
 * up to 2 ms late. Each wake-up runs in its own turn, so that the microtasks of one end before the next begins.
 */
export class Timeline {
  readonly #clock: Clock
  readonly #precise: boolean
  readonly #heap: Entry[] = []
  #armedFor = Number.POSITIVE_INFINITY
  #cancelTimer: (() => void) | undefined
  #turning = false
  #lastTurn = 0
  #idle = 0

  /** One function for all turns: there are some hundred thousand a second, and garbage collection costs precision. */
  readonly #turned = (): void => {
    this.#turning = false
    this.#armedFor = Number.POSITIVE_INFINITY
    const now = this.#clock.now()
    this.#idle += Math.min(now - this.#lastTurn, IDLE_TURN)
    this.#linger(now)
    this.#step()
  }

  /** Waits for the next instant, for some microseconds at most, rather than turn the loop for each of them. */
  #linger(since: Millis): void {
    const due = this.#heap[0]?.due ?? since
    if (due > since) this.#idle += this.#clock.linger(millis(Math.min(due, since + LINGER))) - since
  }

  constructor(clock: Clock, { precise }: { precise: boolean }) {
    this.#clock = clock
    this.#precise = precise
  }

  get pending(): number {
    return this.#heap.length
  }

  at(due: Millis, wake: (due: Millis) => void): Alarm {
    const entry = new Entry(this, due, wake, this.#heap.length)
    this.#heap.push(entry)
    this.#up(entry.slot)
    this.#arm()
    return entry
  }

  /** Wakes everybody who waits now, in order: the run is stopping. What they schedule anew waits as usual. */
  flush(): void {
    for (let left = this.#heap.length; left > 0 && this.#heap.length > 0; left--) this.#fire()
    this.#arm()
  }

  /** Milliseconds spent turning the loop for nobody since the last call. */
  takeIdle(): Millis {
    const idle = this.#idle
    this.#idle = 0
    return millis(idle)
  }

  #arm(): void {
    const next = this.#heap[0]
    if (next === undefined || this.#turning) return
    const due = next.due - (this.#precise ? LEAD : 0)
    if (due >= this.#armedFor) return
    this.#cancelTimer?.()
    this.#armedFor = due
    const delay = due - this.#clock.now()
    if (delay <= 0) {
      this.#cancelTimer = undefined
      this.#turn()
      return
    }
    // A Node timer counts whole milliseconds; rounding down is made up for by turning, rounding up is just late.
    this.#cancelTimer = this.#clock.after(millis(this.#precise ? Math.floor(delay) : Math.ceil(delay)), () => {
      this.#cancelTimer = undefined
      this.#armedFor = Number.POSITIVE_INFINITY
      this.#step()
    })
  }

  #turn(): void {
    // Waking somebody may have armed already: a second turn for the same wait would double with every wake-up.
    if (this.#turning) return
    this.#turning = true
    this.#lastTurn = this.#clock.now()
    this.#clock.soon(this.#turned)
  }

  #step(): void {
    const next = this.#heap[0]
    if (next === undefined) return
    if (next.due <= this.#clock.now()) {
      this.#fire()
      const following = this.#heap[0]
      // A turn of its own for the next one that is due as well.
      if (following !== undefined && following.due <= this.#clock.now()) {
        this.#turn()
        return
      }
    }
    this.#arm()
  }

  #fire(): void {
    const entry = this.#heap[0]
    if (entry === undefined) return
    this.remove(entry)
    entry.wake(entry.due)
  }

  /** Called off; nothing when it has been woken already. */
  remove(entry: Entry): void {
    const { slot } = entry
    if (slot < 0) return
    entry.slot = -1
    const last = this.#heap.pop()
    if (last === undefined || last === entry) return
    this.#heap[slot] = last
    last.slot = slot
    this.#up(slot)
    this.#down(last.slot)
  }

  #up(from: number): void {
    const heap = this.#heap
    let slot = from
    while (slot > 0) {
      const parent = (slot - 1) >> 1
      if (heap[parent]!.due <= heap[slot]!.due) return
      this.#swap(slot, parent)
      slot = parent
    }
  }

  #down(from: number): void {
    const heap = this.#heap
    let slot = from
    for (;;) {
      const left = 2 * slot + 1
      if (left >= heap.length) return
      const right = left + 1
      const child = right < heap.length && heap[right]!.due < heap[left]!.due ? right : left
      if (heap[slot]!.due <= heap[child]!.due) return
      this.#swap(slot, child)
      slot = child
    }
  }

  #swap(a: number, b: number): void {
    const heap = this.#heap
    const one = heap[a]!
    const other = heap[b]!
    heap[a] = other
    other.slot = a
    heap[b] = one
    one.slot = b
  }
}
