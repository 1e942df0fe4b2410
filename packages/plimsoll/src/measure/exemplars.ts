/** How many examples a run keeps. */
export interface ExemplarBounds {
  /** The slowest, for each endpoint. */
  readonly slowest: number
  /** The first failures, for each kind of failure. */
  readonly failed: number
  /** Endpoints, and kinds of failure, that may keep any. */
  readonly kinds: number
}

/** The examples worth keeping of a run: the slowest few of each endpoint, and the first few of each kind of failure. */
export class ExemplarPicker<T> {
  readonly #bounds: ExemplarBounds
  /** By endpoint, ascending. */
  readonly #slow = new Map<string, { readonly value: number; readonly example: T }[]>()
  readonly #failed = new Map<string, T[]>()

  constructor(bounds: ExemplarBounds) {
    this.#bounds = bounds
  }

  offerSlow(endpoint: string, value: number, example: T): void {
    const { slowest, kinds } = this.#bounds
    const kept = this.#slow.get(endpoint) ?? []
    if (kept.length === 0 && this.#slow.size >= kinds) return
    const at = kept.findIndex((one) => one.value > value)
    const grown = kept.toSpliced(at < 0 ? kept.length : at, 0, { value, example })
    this.#slow.set(endpoint, grown.slice(-slowest))
  }

  offerFailed(kind: string, example: T): void {
    const { failed, kinds } = this.#bounds
    const kept = this.#failed.get(kind)
    if (kept === undefined) {
      if (this.#failed.size < kinds) this.#failed.set(kind, [example])
    } else if (kept.length < failed) kept.push(example)
  }

  /** Failures first, in their order; then each endpoint's slowest, slowest first. */
  get kept(): T[] {
    return [
      ...[...this.#failed.values()].flat(),
      ...[...this.#slow.values()].flatMap((list) => list.toReversed().map((one) => one.example)),
    ]
  }
}
