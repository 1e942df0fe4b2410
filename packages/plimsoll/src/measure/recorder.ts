import type { Micros } from '../base/units.ts'
import { Histogram } from './histogram.ts'
import { encodeHistogram } from './histogram-codec.ts'

/** Where names end up that come after the most a scope may have. */
const OTHER = 'other'
/** Enough for any plan that names its endpoints; ids left in paths pass it within seconds. */
const MOST_NAMES = 1000

/** One series since the last swap. Sum, minimum and maximum are exact, in microseconds. */
export interface SeriesFrame {
  readonly metric: string
  readonly scope: string
  readonly name: string
  readonly count: number
  readonly failed: number
  readonly censored: number
  readonly sum: number
  readonly min: number
  readonly max: number
  /** HdrHistogram's V2 encoding. */
  readonly histogram: Uint8Array
}

interface CheckCount {
  readonly name: string
  passed: number
  failed: number
}

export interface RecorderFrame {
  readonly series: SeriesFrame[]
  readonly checks: { readonly name: string; readonly passed: number; readonly failed: number }[]
  readonly errors: { readonly code: string; readonly name: string; readonly count: number }[]
  /** Scopes that had more names than allowed, so that later ones went to `other`: `endpoint`, `check`, `error`… */
  readonly overflowed: string[]
}

/** One metric of one endpoint, step, journey or tag. Keep it: asking the recorder again costs three look-ups. */
export class Series {
  readonly metric: string
  readonly scope: string
  readonly name: string
  readonly #histogram = new Histogram()
  #failed = 0
  #censored = 0

  constructor(metric: string, scope: string, name: string) {
    this.metric = metric
    this.scope = scope
    this.name = name
  }

  record(value: Micros, failed: boolean): void {
    this.#histogram.record(value)
    if (failed) this.#failed++
  }

  /**
   * Known only as "at least this long". A timeout did not succeed; what the end of the run cut off may have been about
   * to, so pass `false` for it.
   */
  recordCensored(value: Micros, failed = true): void {
    this.record(value, failed)
    this.#censored++
  }

  /** What came since the last call, and starts anew; undefined when nothing came. */
  take(): SeriesFrame | undefined {
    const histogram = this.#histogram
    if (histogram.isEmpty) return undefined
    const { count, sum, min, max } = histogram
    const frame: SeriesFrame = {
      metric: this.metric,
      scope: this.scope,
      name: this.name,
      count,
      failed: this.#failed,
      censored: this.#censored,
      sum,
      min,
      max,
      histogram: encodeHistogram(histogram),
    }
    histogram.reset()
    this.#failed = 0
    this.#censored = 0
    return frame
  }
}

/**
 * One worker's measurements, written on the hot path and swapped out each second. What is recorded is what was seen:
 * nothing is ever back-filled (an expected-interval correction is a repair for lost data, not a measurement).
 */
export class Recorder {
  readonly #maxNames: number
  /** metric → scope → name */
  readonly #index = new Map<string, Map<string, Map<string, Series>>>()
  readonly #all: Series[] = []
  readonly #names = new Map<string, Set<string>>()
  readonly #overflowed = new Set<string>()
  #checks = new Map<string, CheckCount>()
  #errors = new Map<string, Map<string, { code: string; name: string; count: number }>>()

  constructor({ maxNames = MOST_NAMES }: { maxNames?: number } = {}) {
    this.#maxNames = maxNames
  }

  /** The series of that name, made when first asked for; the scope's `other` when it has too many names. */
  series(metric: string, scope: string, name: string): Series {
    return this.#index.get(metric)?.get(scope)?.get(name) ?? this.#make(metric, scope, name)
  }

  check(name: string, passed: boolean): void {
    const entry = this.#checks.get(name) ?? this.#admitCheck(name)
    if (passed) entry.passed++
    else entry.failed++
  }

  error(code: string, name: string): void {
    const admitted = this.#admit('error', name)
    let ofCode = this.#errors.get(code)
    if (ofCode === undefined) this.#errors.set(code, (ofCode = new Map()))
    let entry = ofCode.get(admitted)
    if (entry === undefined) ofCode.set(admitted, (entry = { code, name: admitted, count: 0 }))
    entry.count++
  }

  /** Everything since the last swap; starts anew. Series without samples are left out. */
  swap(): RecorderFrame {
    const series: SeriesFrame[] = []
    for (const one of this.#all) {
      const frame = one.take()
      if (frame !== undefined) series.push(frame)
    }
    const checks = [...this.#checks.values()]
    const errors = [...this.#errors.values()].flatMap((ofCode) => [...ofCode.values()])
    this.#checks = new Map()
    this.#errors = new Map()
    return { series, checks, errors, overflowed: [...this.#overflowed] }
  }

  #admitCheck(asked: string): CheckCount {
    const name = this.#admit('check', asked)
    let entry = this.#checks.get(name)
    if (entry === undefined) this.#checks.set(name, (entry = { name, passed: 0, failed: 0 }))
    return entry
  }

  #make(metric: string, scope: string, asked: string): Series {
    const name = scope === 'all' ? asked : this.#admit(scope, asked)
    let scopes = this.#index.get(metric)
    if (scopes === undefined) this.#index.set(metric, (scopes = new Map()))
    let names = scopes.get(scope)
    if (names === undefined) scopes.set(scope, (names = new Map()))
    let series = names.get(name)
    if (series === undefined) {
      series = new Series(metric, scope, name)
      names.set(name, series)
      this.#all.push(series)
    }
    return series
  }

  /** The cardinality guard: the name itself, or `other` once the scope is full. */
  #admit(scope: string, name: string): string {
    let names = this.#names.get(scope)
    if (names === undefined) this.#names.set(scope, (names = new Set()))
    if (names.has(name)) return name
    if (names.size < this.#maxNames) {
      names.add(name)
      return name
    }
    this.#overflowed.add(scope)
    return OTHER
  }
}
