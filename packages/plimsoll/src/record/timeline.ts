import { decodeBase64 } from '../measure/base64.ts'
import { decodeHistogram } from '../measure/histogram-codec.ts'
import { GrowingDistribution, StoredDistribution } from './distribution.ts'
import type { Interval, SeriesInterval, SeriesKey } from './events.ts'
import { joinNeighbours } from './groups.ts'
import { mergeGenerators, mergeHosts, mergeShapes } from './merge-intervals.ts'
import { mergeConnections, mergeRooms } from './merge-sockets.ts'
import type { SeriesRecord, TimelinePoint } from './run-record.ts'
import { isOfWholeRun } from './told-late.ts'

/** The most points a run keeps; above, neighbours of one phase become one. Twenty minutes at a second each. */
export const TIMELINE_POINTS = 1200
/** Beyond this only changes of phase are left to tell apart. */
const WIDEST = 2 ** 20

/** A point with what merging needs: the shapes' own counts, and how many intervals it joins. */
interface Point extends TimelinePoint {
  readonly width: number
  readonly counts: Interval['shapes']
}

interface SeriesState extends SeriesKey {
  readonly judged: GrowingDistribution
  readonly drained: GrowingDistribution
  readonly whole: GrowingDistribution
  points: (StoredDistribution | undefined)[]
}

/** The run over time: points and, aligned with them, each series' distributions. */
export class Timeline {
  #points: Point[] = []
  readonly #series = new Map<string, SeriesState>()
  readonly #most: number
  /** How many intervals a point joins, unless its phase ends before. */
  #width = 1

  constructor(most = TIMELINE_POINTS) {
    this.#most = most
  }

  /** `drained` are the samples of a stopping interval that are judged all the same. */
  add(interval: Interval, isJudged: boolean, drained: readonly SeriesInterval[] = []): void {
    const point = pointOf(interval)
    const last = this.#points.at(-1)
    if (last !== undefined && last.width < this.#width && last.phase === point.phase) {
      this.#points[this.#points.length - 1] = mergePoints([last, point])
    } else this.#points.push(point)
    const at = this.#points.length - 1
    for (const one of interval.series) {
      if (one.count > 0) this.#addSeries(one, at, isJudged)
    }
    for (const one of drained) {
      const state = this.#stateOf(one)
      const histogram = decodeHistogram(decodeBase64(one.histogram), one)
      state.judged.add(one, histogram)
      state.drained.add(one, histogram)
    }
    while (this.#points.length > this.#most && this.#width < WIDEST) this.#coarsen()
  }

  /** The judged window begins anew: what was counted into it so far does not belong to it. */
  clearJudged(): void {
    for (const { metric, judged, drained } of this.#series.values()) {
      if (isOfWholeRun(metric)) continue
      judged.clear()
      drained.clear()
    }
  }

  get points(): readonly TimelinePoint[] {
    return this.#points
  }

  get series(): SeriesRecord[] {
    const length = this.#points.length
    return [...this.#series.values()].map((state) => {
      while (state.points.length < length) state.points.push(undefined)
      const { metric, scope, name, judged, drained, whole, points } = state
      return { metric, scope, name, judged, drained, whole, points }
    })
  }

  #addSeries(interval: SeriesInterval, at: number, isJudged: boolean): void {
    const state = this.#stateOf(interval)
    const stored = new StoredDistribution(interval, decodeBase64(interval.histogram))
    const { histogram } = stored
    while (state.points.length < at) state.points.push(undefined)
    state.points[at] = StoredDistribution.merge([state.points[at], stored])
    state.whole.add(interval, histogram)
    if (isJudged || isOfWholeRun(interval.metric)) state.judged.add(interval, histogram)
  }

  #stateOf({ metric, scope, name }: SeriesKey): SeriesState {
    const key = `${metric}\n${scope}\n${name}`
    let state = this.#series.get(key)
    if (state === undefined) {
      const [judged, drained, whole] = [new GrowingDistribution(), new GrowingDistribution(), new GrowingDistribution()]
      state = { metric, scope, name, judged, drained, whole, points: [] }
      this.#series.set(key, state)
    }
    return state
  }

  #coarsen(): void {
    this.#width *= 2
    const groups = joinNeighbours(this.#points, this.#width)
    this.#points = groups.map(({ start, end }) => mergePoints(this.#points.slice(start, end)))
    for (const state of this.#series.values()) {
      state.points = groups.map(({ start, end }) => StoredDistribution.merge(state.points.slice(start, end)))
    }
  }
}

function pointOf(interval: Interval): Point {
  const { from, to, phase, generators, host } = interval
  const errors = interval.errors.reduce((sum, error) => sum + error.count, 0)
  const { connections = [], deliveries = [] } = interval
  return {
    width: 1,
    from,
    to,
    phase,
    errors,
    generators,
    host,
    connections,
    deliveries: mergeRooms(deliveries),
    ...sumsOf(interval.shapes),
  }
}

function mergePoints(parts: readonly Point[]): Point {
  const first = parts[0] as Point
  const last = parts.at(-1) as Point
  if (parts.length === 1) return first
  return {
    width: parts.reduce((sum, part) => sum + part.width, 0),
    from: first.from,
    to: last.to,
    phase: last.phase,
    errors: parts.reduce((sum, part) => sum + part.errors, 0),
    generators: mergeGenerators(parts),
    host: mergeHosts(parts),
    connections: mergeConnections(parts.flatMap((part) => part.connections)),
    deliveries: mergeRooms(parts.flatMap((part) => part.deliveries)),
    ...sumsOf(mergeShapes(parts.map((part) => part.counts))),
  }
}

function sumsOf(counts: Interval['shapes']) {
  const sum = (of: (shape: Interval['shapes'][number]) => number) => counts.reduce((all, one) => all + of(one), 0)
  return {
    counts,
    users: sum((one) => one.users),
    target: sum((one) => one.target),
    scheduled: sum((one) => one.scheduled),
    started: sum((one) => one.started),
    dropped: sum((one) => one.dropped),
    completed: sum((one) => one.completed),
    shapes: counts.map(({ shape, users, target }) => ({ shape, users, target })),
  }
}
