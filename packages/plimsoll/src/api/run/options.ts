import type { Millis } from '../../base/units.ts'
import type { RunEvent } from '../../record/events.ts'
import type { RunRecord } from '../../record/run-record.ts'

/** What a run is asked for; everything but the plan has a default. */
export interface RunOptions {
  /** Path of the plan file. */
  readonly plan: string
  /** Default: `smoke`, or else the plan's first. */
  readonly profile?: string | undefined
  /** Instead of the plan's. */
  readonly url?: string | undefined
  /** Default: one less than the machine has cores, at least 1. */
  readonly workers?: number | undefined
  /** The whole load lasts this long, every stage in proportion. */
  readonly duration?: Millis | undefined
  /** This part of the profile's users and time. */
  readonly scale?: number | undefined
  /** Where run folders go; default `.plimsoll/runs`. */
  readonly out?: string | undefined
  /** False: the system runs already. */
  readonly start?: boolean | undefined
}

/** Where a run stands, for whoever shows it. */
export type RunStage =
  | { readonly kind: 'preparing'; readonly what: string }
  | { readonly kind: 'running' }
  | { readonly kind: 'stopping'; readonly why: string }
  | { readonly kind: 'finishing'; readonly what: string }

/** Whoever watches a run; every call must return quickly. */
export interface RunWatcher {
  stage(stage: RunStage): void
  /** After each event of the stream, with the record that it led to. */
  event(event: RunEvent, record: () => RunRecord): void
  /** A line for the person: what plan code printed, what could not be written. */
  log(line: string): void
}
