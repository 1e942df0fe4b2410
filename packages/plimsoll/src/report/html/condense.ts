import type { DeliveryCounts } from '../../measure/deliveries/types.ts'
import type { Interval, ProbeSample, RunEvent, RunEventBody } from '../../record/events.ts'
import { RunFold } from '../../record/fold.ts'
import { joinNeighbours } from '../../record/groups.ts'
import { mergeIntervals } from '../../record/merge-intervals.ts'
import { mergeRooms } from '../../record/merge-sockets.ts'
import { SocketTotals } from '../../record/socket-totals.ts'
import { gatherMessages } from './gather-messages.ts'
import { thinSamples } from './thin-samples.ts'

/** Beyond this only changes of phase are left to tell apart. */
const WIDEST = 2 ** 20

/** A run's events, and what of it they are too few to carry. */
export interface CondensedRun {
  readonly events: RunEvent[]
  /** By event and room, of the whole run; the intervals have them by event only. */
  readonly deliveries: readonly DeliveryCounts[]
}

/**
 * A run's events, few enough to be carried by a page: at most `most` intervals, as `record/coarsen` makes them (exact
 * sums and buckets, phases never mixed), only the examples that a fold keeps, and probe samples thinned beyond an hour.
 * Thousands of rooms in hundreds of intervals would be most of the page, so rooms are told once, apart, and messages
 * once in each stretch of one phase.
 * Reads the events once and holds no more than that, so that a run of many hours can be condensed from its folder.
 */
export function condense(events: Iterable<RunEvent>, most: number): CondensedRun {
  const intervals = new Intervals(most)
  const samples: ProbeSample[] = []
  const others: RunEventBody[] = []
  const examples = new RunFold()
  const rooms = new SocketTotals()
  for (const event of events) {
    if (event.type === 'interval') {
      rooms.add({ deliveries: event.deliveries ?? [] }, false)
      intervals.add(withoutRooms(event))
    } else if (event.type === 'probe') samples.push(event)
    else if (event.type === 'exemplar') examples.apply(event)
    else others.push(event)
    if (event.type === 'run.started') examples.apply(event)
  }
  const [started, ...rest] = others
  const bodies = [
    started,
    ...gatherMessages(intervals.all()),
    ...thinSamples(samples),
    ...examples.record.exemplars,
    ...rest,
  ]
  return {
    events: bodies.filter((body) => body !== undefined).map((body, seq) => ({ ...body, seq })),
    deliveries: rooms.record.deliveries,
  }
}

const withoutRooms = (interval: Interval): Interval =>
  interval.deliveries === undefined ? interval : { ...interval, deliveries: mergeRooms(interval.deliveries) }

interface Joined {
  readonly interval: Interval
  readonly width: number
}

/** Intervals that become wider, all alike, when they become too many. */
class Intervals {
  readonly #most: number
  #joined: Joined[] = []
  /** Not merged yet: of one phase, at most `#widest`. */
  #open: Interval[] = []
  #widest = 1
  /** Where the first steady interval begins. */
  #steadyFrom = Number.POSITIVE_INFINITY

  constructor(most: number) {
    this.#most = most
  }

  add(interval: Interval): void {
    if (this.#open.length >= this.#widest || this.#open[0]?.phase !== interval.phase) this.#close()
    this.#open.push(interval)
    if (interval.phase === 'steady') this.#steadyFrom = Math.min(this.#steadyFrom, interval.from)
  }

  all(): Interval[] {
    this.#close()
    return this.#joined.map(({ interval }, index) => ({ ...interval, index }))
  }

  #close(): void {
    if (this.#open.length > 0) this.#joined.push(this.#join(this.#open.map((interval) => ({ interval, width: 1 }))))
    this.#open = []
    while (this.#joined.length > this.#most && this.#widest < WIDEST) {
      this.#widest *= 2
      const stretches = this.#joined.map(({ interval, width }) => ({ phase: interval.phase, width }))
      this.#joined = joinNeighbours(stretches, this.#widest).map(({ start, end }) =>
        this.#join(this.#joined.slice(start, end)),
      )
    }
  }

  #join(parts: readonly Joined[]): Joined {
    const intervals = parts.map(({ interval }) => interval)
    const afterSteady = (intervals[0]?.from ?? 0) > this.#steadyFrom
    return { interval: mergeIntervals(intervals, afterSteady), width: parts.reduce((sum, { width }) => sum + width, 0) }
  }
}
