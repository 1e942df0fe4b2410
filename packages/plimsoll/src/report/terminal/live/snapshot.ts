import type { ThresholdResult } from '../../../judge/verdict.ts'
import type { RunRecord } from '../../../record/run-record.ts'

/** Where a run stands. */
export type LiveStage =
  | { readonly kind: 'preparing'; readonly what: string }
  | { readonly kind: 'running' }
  | { readonly kind: 'stopping'; readonly why: string }
  | { readonly kind: 'finishing'; readonly what: string }

/** What is known of a run under way. */
export interface LiveSnapshot {
  readonly record: RunRecord
  /** As they stand, in the order of the plan's. */
  readonly thresholds: readonly ThresholdResult[]
}
