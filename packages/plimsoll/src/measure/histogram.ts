import { type Micros, micros } from '../base/units.ts'

const HALF = 1024
const FULL = 2048
/** One hour; longer values are recorded as this, their exact sum and maximum are kept. */
const LARGEST = 3_600_000_000

/** A bucket's values, both ends included, and how many fell in it. */
export interface Bucket {
  readonly from: Micros
  readonly to: Micros
  readonly count: number
}

/**
 * Counts of durations in whole microseconds, 0 to one hour, in HdrHistogram's layout at three significant digits:
 * 2048 buckets of 1 µs, then 1024 for each doubling, so a bucket's midpoint is within 0.05 % of every value in it.
 * Count, sum, minimum and maximum are exact. Pages of 1024 counters are made when first used.
 */
export class Histogram {
  count = 0
  sum = 0
  min = Number.POSITIVE_INFINITY
  max = 0
  readonly #pages: (Float64Array | undefined)[] = []

  record(value: Micros): void {
    this.recordMany(value, 1)
  }

  recordMany(value: Micros, times: number): void {
    this.count += times
    this.sum += value * times
    if (value < this.min) this.min = value
    if (value > this.max) this.max = value
    const index = indexOf(value)
    const page = index >> 10
    const counts = (this.#pages[page] ??= new Float64Array(HALF))
    counts[index & 1023]! += times
  }

  /** Exact: adding histograms is adding counts. */
  add(other: Histogram): void {
    this.count += other.count
    this.sum += other.sum
    if (other.min < this.min) this.min = other.min
    if (other.max > this.max) this.max = other.max
    for (let page = 0; page < other.#pages.length; page++) {
      const theirs = other.#pages[page]
      if (theirs === undefined) continue
      const ours = (this.#pages[page] ??= new Float64Array(HALF))
      for (let i = 0; i < HALF; i++) ours[i]! += theirs[i]!
    }
  }

  /** The value at nearest rank ⌈q·n⌉ (its bucket's midpoint, kept within min and max); undefined when empty. */
  quantile(q: number): Micros | undefined {
    return this.count === 0 ? undefined : this.valueAtRank(Math.max(1, Math.ceil(q * this.count - 1e-9)))
  }

  /** The value of the `rank`-th smallest sample, counted from 1; undefined outside 1…count. */
  valueAtRank(rank: number): Micros | undefined {
    if (rank < 1 || rank > this.count) return undefined
    let seen = 0
    for (const { from, to, count } of this.buckets()) {
      seen += count
      if (seen >= rank) return micros(Math.min(this.max, Math.max(this.min, Math.floor((from + to) / 2))))
    }
    return micros(this.max)
  }

  /** How many samples lie in buckets up to the one of `value`. */
  countUpTo(value: Micros): number {
    let seen = 0
    const last = indexOf(value)
    for (const { from, count } of this.buckets()) {
      if (indexOf(from) > last) break
      seen += count
    }
    return seen
  }

  get mean(): number | undefined {
    return this.count === 0 ? undefined : this.sum / this.count
  }

  /** Buckets that hold something, smallest first. */
  *buckets(): Generator<Bucket> {
    for (let page = 0; page < this.#pages.length; page++) {
      const counts = this.#pages[page]
      if (counts === undefined) continue
      for (let i = 0; i < HALF; i++) {
        const count = counts[i]!
        if (count > 0) yield { ...boundsOf(page * HALF + i), count }
      }
    }
  }
}

function indexOf(value: number): number {
  const v = value > LARGEST ? LARGEST : value
  if (v < FULL) return v | 0
  const shift = 21 - Math.clz32(v >= 0x80000000 ? 0x7fffffff : v) + (v >= 0x80000000 ? 1 : 0)
  return (shift << 10) + Math.floor(v / 2 ** shift)
}

function boundsOf(index: number): { from: Micros; to: Micros } {
  if (index < FULL) return { from: micros(index), to: micros(index) }
  const shift = (index >> 10) - 1
  const from = ((index & 1023) + HALF) * 2 ** shift
  return { from: micros(from), to: micros(from + 2 ** shift - 1) }
}
