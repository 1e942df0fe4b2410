import { type Micros, millis, toMicros } from '../../base/units.ts'
import type { Exemplar } from '../../record/events.ts'

const SLOWEST = 5
const FAILED = 3
/** Kinds of failure that may keep examples; the rest is only counted. */
const MAX_KINDS = 500

/** An endpoint's slowest times so far, in microseconds, ascending; kept with the endpoint, so that asking costs no look-up. */
export interface Slowest {
  readonly name: string
  readonly slowest: Micros[]
}

/**
 * Which exchanges of this worker are worth keeping as examples: of each endpoint the slowest five so far, of each kind
 * of failure the first three. Asked before an example is built, so that an ordinary exchange costs one comparison.
 */
export class ExemplarBox {
  readonly #failed = new Map<string, number>()
  #kept: { readonly exemplar: Exemplar; readonly among: Slowest | undefined }[] = []

  wantsSlow({ slowest }: Slowest, total: Micros): boolean {
    return slowest.length < SLOWEST || total > (slowest[0] ?? 0)
  }

  wantsFailed(kind: string): boolean {
    const seen = this.#failed.get(kind)
    return seen === undefined ? this.#failed.size < MAX_KINDS : seen < FAILED
  }

  keepSlow(among: Slowest, exemplar: Exemplar): void {
    const { slowest } = among
    slowest.push(toMicros(millis(exemplar.total)))
    slowest.sort((a, b) => a - b)
    if (slowest.length > SLOWEST) slowest.shift()
    this.#kept.push({ exemplar, among })
  }

  keepFailed(kind: string, exemplar: Exemplar): void {
    this.#failed.set(kind, (this.#failed.get(kind) ?? 0) + 1)
    this.#kept.push({ exemplar, among: undefined })
  }

  /** What was kept since the last call, without those that slower ones have displaced since. */
  take(): Exemplar[] {
    const kept = this.#kept.filter(
      ({ exemplar, among }) => among === undefined || among.slowest.includes(toMicros(millis(exemplar.total))),
    )
    this.#kept = []
    return kept.map(({ exemplar }) => exemplar)
  }
}
