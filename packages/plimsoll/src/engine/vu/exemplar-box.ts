import type { Exemplar } from '../../record/events.ts'

const SLOWEST = 5
const FAILED = 3
/** Endpoints, and kinds of failure, that may keep examples; the rest is only counted. */
const MAX_KINDS = 500

/**
 * Which exchanges of this worker are worth keeping as examples: of each endpoint the slowest five so far, of each kind
 * of failure the first three. Asked before an example is built, so that an ordinary exchange costs one comparison.
 */
export class ExemplarBox {
  /** By endpoint, ascending times of the slowest. */
  readonly #slowest = new Map<string, number[]>()
  readonly #failed = new Map<string, number>()
  #kept: Exemplar[] = []

  wantsSlow(endpoint: string, total: number): boolean {
    const times = this.#slowest.get(endpoint)
    if (times === undefined) return this.#slowest.size < MAX_KINDS
    return times.length < SLOWEST || total > (times[0] ?? 0)
  }

  wantsFailed(kind: string): boolean {
    const seen = this.#failed.get(kind)
    return seen === undefined ? this.#failed.size < MAX_KINDS : seen < FAILED
  }

  keepSlow(exemplar: Exemplar): void {
    const times = this.#slowest.get(exemplar.endpoint) ?? []
    times.push(exemplar.total)
    times.sort((a, b) => a - b)
    if (times.length > SLOWEST) times.shift()
    this.#slowest.set(exemplar.endpoint, times)
    this.#kept.push(exemplar)
  }

  keepFailed(kind: string, exemplar: Exemplar): void {
    this.#failed.set(kind, (this.#failed.get(kind) ?? 0) + 1)
    this.#kept.push(exemplar)
  }

  /** What was kept since the last call, without those that slower ones have displaced since. */
  take(): Exemplar[] {
    const kept = this.#kept.filter(
      (one) => one.reason === 'failed' || one.total >= (this.#slowest.get(one.endpoint)?.[0] ?? 0),
    )
    this.#kept = []
    return kept
  }
}
