import type { ThresholdUnit } from '../plan/compiled.ts'

export type ThresholdState = 'met' | 'missed' | 'no data' | 'not judged'

export interface ThresholdResult {
  readonly subject: string
  readonly metric: string
  /** As the plan writes it. */
  readonly limit: string
  /** The limit that was judged by where the run was scaled: `>= 50/s (500/s × 0.1)`. */
  readonly scaledLimit: string | undefined
  readonly unit: ThresholdUnit
  readonly verdict: ThresholdState
  /** In `unit`; undefined without data. */
  readonly actual: number | undefined
  /** True when `actual` is a lower bound: the quantile falls among exchanges that were cut off. */
  readonly atLeast: boolean
  /** True for a quantile that fewer than ten samples lie beyond: it is judged, and hangs on a handful of events. */
  readonly isRough: boolean
  /** 95 % interval of the quantile, in `unit`, where it exists. */
  readonly interval: readonly [low: number, high: number] | undefined
  readonly samples: number
  /** Why there is no data or no judgement, or what to bear in mind: too few samples for this percentile. */
  readonly note: string | undefined
}

/** One rule by which the measurement doubts itself; ids V1–V9 as docs/measuring.md lists them. */
export interface ValidityFlag {
  readonly id: 'V1' | 'V2' | 'V3' | 'V4' | 'V5' | 'V6' | 'V7' | 'V8' | 'V9' | 'conservation' | 'workers'
  readonly severity: 'suspect' | 'invalid'
  /** What was seen against what is allowed. */
  readonly reason: string
  /** What to change. */
  readonly advice: string
}

export interface Finding {
  readonly id: string
  readonly title: string
  readonly confidence: number
  readonly evidence: readonly string[]
  readonly recommendation: string
}

/** What an invalid outcome comes to for somebody who sees one for the first time. */
export interface Explanation {
  readonly meaning: string
  /** What to do, the likeliest to help first. */
  readonly next: readonly string[]
}

export interface Verdict {
  readonly outcome: 'met' | 'missed' | 'invalid' | 'interrupted' | 'error'
  readonly exitCode: number
  readonly thresholds: readonly ThresholdResult[]
  readonly validity: { readonly state: 'valid' | 'suspect' | 'invalid'; readonly flags: readonly ValidityFlag[] }
  readonly findings: readonly Finding[]
  /** Only of an invalid outcome. */
  readonly explanation?: Explanation
}
