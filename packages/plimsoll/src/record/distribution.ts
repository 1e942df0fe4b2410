import { Histogram } from '../measure/histogram.ts'
import { decodeHistogram, encodeHistogram } from '../measure/histogram-codec.ts'
import type { Distribution } from './run-record.ts'

/** A distribution that grows. */
export class GrowingDistribution implements Distribution {
  readonly histogram = new Histogram()
  failed = 0
  censored = 0

  get count(): number {
    return this.histogram.count
  }

  /** `histogram` is given beside its counts so that a stored one is decoded once. */
  add({ failed, censored }: Pick<Distribution, 'failed' | 'censored'>, histogram: Histogram): void {
    this.histogram.add(histogram)
    this.failed += failed
    this.censored += censored
  }

  clear(): void {
    this.histogram.reset()
    this.failed = 0
    this.censored = 0
  }
}

interface Figures {
  readonly count: number
  readonly failed: number
  readonly censored: number
  readonly sum: number
  readonly min: number
  readonly max: number
}

/**
 * A distribution of one point in time, kept encoded: a run has up to 1,200 of them for each series, most of which are
 * never looked into. `histogram` decodes anew on every call.
 */
export class StoredDistribution implements Distribution {
  readonly count: number
  readonly failed: number
  readonly censored: number
  readonly #figures: Figures
  readonly #bytes: Uint8Array

  constructor(figures: Figures, bytes: Uint8Array) {
    this.count = figures.count
    this.failed = figures.failed
    this.censored = figures.censored
    this.#figures = figures
    this.#bytes = bytes
  }

  get histogram(): Histogram {
    return decodeHistogram(this.#bytes, this.#figures)
  }

  /** Exact; undefined when there is nothing to merge. */
  static merge(parts: readonly (StoredDistribution | undefined)[]): StoredDistribution | undefined {
    const present = parts.filter((part) => part !== undefined)
    if (present.length < 2) return present[0]
    const sum = new GrowingDistribution()
    for (const part of present) sum.add(part, part.histogram)
    const { histogram, count, failed, censored } = sum
    const { min, max } = histogram
    return new StoredDistribution({ count, failed, censored, sum: histogram.sum, min, max }, encodeHistogram(histogram))
  }
}
