import { type Micros, micros } from '../base/units.ts'

const HALF = 1024
const FULL = 2048
/** One hour; longer values are counted in its bucket, while their exact sum and maximum are kept. */
export const LARGEST = 3_600_000_000
/** Counters in one page. Small, because one second of one endpoint touches a few dozen buckets out of 24,000. */
const PAGE_BITS = 6
const PAGE = 1 << PAGE_BITS
/** Copied for each new page. A plain array of small integers is made ten times faster than a typed one of this size. */
const EMPTY_PAGE: readonly number[] = Array.from({ length: PAGE }, () => 0)

/** A bucket's values, both ends included, and how many fell in it. */
export interface Bucket {
  readonly from: Micros
  readonly to: Micros
  readonly count: number
}

/** What buckets alone cannot give back: kept beside them wherever a histogram is written down. */
export interface ExactTotals {
  readonly sum: number
  readonly min: number
  readonly max: number
}

/**
 * Counts of durations in whole microseconds, 0 to one hour, in HdrHistogram's layout at three significant digits
 * (hdrhistogram.github.io): 2048 buckets of 1 µs, then 1024 for each doubling, so a bucket's midpoint is within 0.05 %
 * of every value in it. Count, sum, minimum and maximum are exact. Pages of counters are made when first used.
 */
export class Histogram {
  count = 0
  sum = 0
  min = Number.POSITIVE_INFINITY
  max = 0
  readonly #pages: (number[] | undefined)[] = []

  get isEmpty(): boolean {
    return this.count === 0
  }

  /** @throws {RangeError} for a negative value or NaN: `toMicros` makes neither, so it is a bug of the caller. */
  record(value: Micros): void {
    this.recordMany(value, 1)
  }

  recordMany(value: Micros, times: number): void {
    if (!(value >= 0)) throw new RangeError(`a duration of ${value} µs cannot be recorded`)
    this.count += times
    this.sum += value * times
    if (value < this.min) this.min = value
    if (value > this.max) this.max = value
    this.#count(indexOf(value), times)
  }

  /** Adds to one bucket by its index and leaves sum, minimum and maximum to `setExact`: for decoding. */
  addAt(index: number, times: number): void {
    this.count += times
    this.#count(index, times)
  }

  /** Puts exact totals in the place of those derived from buckets. */
  setExact({ sum, min, max }: ExactTotals): void {
    this.sum = sum
    this.min = min
    this.max = max
  }

  /** Exact: adding histograms is adding counts, in any order and grouping. */
  add(other: Histogram): void {
    this.count += other.count
    this.sum += other.sum
    if (other.min < this.min) this.min = other.min
    if (other.max > this.max) this.max = other.max
    for (let page = 0; page < other.#pages.length; page++) {
      const theirs = other.#pages[page]
      if (theirs === undefined) continue
      const ours = this.#page(page)
      for (let i = 0; i < PAGE; i++) ours[i]! += theirs[i]!
    }
  }

  clone(): Histogram {
    const copy = new Histogram()
    copy.add(this)
    return copy
  }

  /** Empties it and keeps its pages for the next interval. */
  reset(): void {
    this.count = 0
    this.sum = 0
    this.min = Number.POSITIVE_INFINITY
    this.max = 0
    for (const page of this.#pages) page?.fill(0)
  }

  /** The value at nearest rank ⌈q·n⌉ (its bucket's midpoint, kept within min and max); undefined when empty. */
  quantile(q: number): Micros | undefined {
    return this.count === 0 ? undefined : this.valueAtRank(rankOf(q, this.count))
  }

  /** The value of the `rank`-th smallest sample, counted from 1; undefined outside 1…count. Exact at both ends. */
  valueAtRank(rank: number): Micros | undefined {
    if (!(rank >= 1 && rank <= this.count)) return undefined
    if (rank === this.count) return micros(this.max)
    if (rank === 1) return micros(this.min)
    let seen = 0
    for (let page = 0; page < this.#pages.length; page++) {
      const counts = this.#pages[page]
      if (counts === undefined) continue
      for (let i = 0; i < PAGE; i++) {
        seen += counts[i]!
        if (seen >= rank) return this.#within(midpointOf(page * PAGE + i))
      }
    }
    return micros(this.max)
  }

  /** How many samples lie in buckets up to the one of `value`. */
  countUpTo(value: Micros): number {
    const last = indexOf(value)
    let seen = 0
    for (let page = 0; page <= last >> PAGE_BITS; page++) {
      const counts = this.#pages[page]
      if (counts === undefined) continue
      const end = Math.min(PAGE, last - page * PAGE + 1)
      for (let i = 0; i < end; i++) seen += counts[i]!
    }
    return seen
  }

  get mean(): number | undefined {
    return this.count === 0 ? undefined : this.sum / this.count
  }

  /** Buckets that hold something, smallest first. */
  *buckets(): Generator<Bucket> {
    for (const [index, count] of this.entries()) yield { ...boundsOf(index), count }
  }

  /** Index and count of the buckets that hold something, smallest first. */
  *entries(): Generator<readonly [index: number, count: number]> {
    for (let page = 0; page < this.#pages.length; page++) {
      const counts = this.#pages[page]
      if (counts === undefined) continue
      for (let i = 0; i < PAGE; i++) {
        const count = counts[i]!
        if (count > 0) yield [page * PAGE + i, count]
      }
    }
  }

  #count(index: number, times: number): void {
    this.#page(index >> PAGE_BITS)[index & (PAGE - 1)]! += times
  }

  #page(page: number): number[] {
    const pages = this.#pages
    // Filled without holes: a holey array would cost every later look-up.
    while (pages.length <= page) pages.push(undefined)
    return (pages[page] ??= EMPTY_PAGE.slice())
  }

  #within(value: number): Micros {
    return micros(Math.min(this.max, Math.max(this.min, value)))
  }
}

/** Nearest rank ⌈q·n⌉, from 1; the tolerance keeps 0.95 × 100 from becoming rank 96. */
export function rankOf(q: number, count: number): number {
  return Math.min(count, Math.max(1, Math.ceil(q * count - 1e-9 * Math.max(1, count))))
}

/** The bucket that a value falls in: equal to HdrHistogram's `countsArrayIndex` at three digits from 1. */
export function indexOf(value: number): number {
  if (value < FULL) return value >>> 0
  const v = Math.min(value, LARGEST)
  const shift = 21 - Math.clz32(v)
  return (shift << 10) + (v >>> shift)
}

export function boundsOf(index: number): { from: Micros; to: Micros } {
  if (index < FULL) return { from: micros(index), to: micros(index) }
  const shift = (index >> 10) - 1
  const from = ((index & (HALF - 1)) + HALF) * 2 ** shift
  return { from: micros(from), to: micros(from + 2 ** shift - 1) }
}

export function midpointOf(index: number): number {
  const { from, to } = boundsOf(index)
  return Math.floor((from + to) / 2)
}
