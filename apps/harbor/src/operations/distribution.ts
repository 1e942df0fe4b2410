/** Each bucket is this much wider than the one before: percentiles are good to 2 %. */
const growth = 1.04
const smallest = 0.01
const buckets = 400

/** Durations in milliseconds, from 0.01 ms to a minute, in constant space. */
export class Distribution {
  readonly #counts = new Uint32Array(buckets)
  #count = 0
  #sum = 0

  add(value: number): void {
    const index = value <= smallest ? 0 : Math.ceil(Math.log(value / smallest) / Math.log(growth))
    const at = Math.min(index, buckets - 1)
    this.#counts[at] = (this.#counts[at] ?? 0) + 1
    this.#count += 1
    this.#sum += value
  }

  get count(): number {
    return this.#count
  }

  /** 0 of nothing. */
  get mean(): number {
    return this.#count === 0 ? 0 : this.#sum / this.#count
  }

  /** The value that `share` (0 to 1) of all do not exceed; 0 of nothing. */
  quantile(share: number): number {
    const rank = Math.max(1, Math.ceil(share * this.#count))
    let seen = 0
    for (const [index, count] of this.#counts.entries()) {
      seen += count
      // The middle of the bucket.
      if (seen >= rank) return index === 0 ? smallest : smallest * growth ** (index - 0.5)
    }
    return 0
  }

  clear(): void {
    this.#counts.fill(0)
    this.#count = 0
    this.#sum = 0
  }
}
