import type { Counted } from '../record/counted.ts'

/**
 * Something that watches the system under test. `start` and `sample` reject with a sentence for the user (a
 * PlimsollError) when they cannot; after that `start` may be called again. Values that are not known are left out: they
 * are never 0.
 */
export interface Probe {
  readonly name: string
  /** What of its target cannot be watched, why, and what to do about it: known once started. */
  readonly gaps?: readonly string[]
  /** Figures of which no sample had anything, each with a sentence that says why: looked at before `stop`. */
  readonly missing?: ReadonlyMap<string, string>
  start(): Promise<void>
  /**
   * Rates are over the time since the last sample, or since the start. What is counted in parts or buckets becomes
   * numbers later, over whatever time they are asked for.
   */
  sample(): Promise<Record<string, number | Counted>>
  stop(): Promise<void>
}
