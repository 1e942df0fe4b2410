import type { Millis } from '../base/units.ts'
import type { DeliveryCounts } from '../measure/deliveries/types.ts'
import type { Histogram } from '../measure/histogram.ts'
import type {
  Calibration,
  ConnectionInterval,
  Exemplar,
  Fault,
  GeneratorInterval,
  HostInterval,
  MessageInterval,
  Phase,
  ProbeSample,
  ProbeTrouble,
  RunStarted,
  SeriesKey,
  StopReason,
} from './events.ts'

/** A distribution with exact totals beside the buckets. */
export interface Distribution {
  readonly histogram: Histogram
  readonly count: number
  readonly failed: number
  readonly censored: number
}

/** One series over the run: judged part and whole, and how it went over time. */
export interface SeriesRecord extends SeriesKey {
  /**
   * The part that thresholds look at: what ended in the judged window, steady or all after the warm-up
   * (`RunRecord.judged`), and what was under way when the load ended right after it. Of what is known only of receivers'
   * whole time (record/told-late), all.
   */
  readonly judged: Distribution
  /** Of `judged`, what was under way at the end, and ended while the run was stopping. */
  readonly drained: Distribution
  readonly whole: Distribution
  /** Aligned with `RunRecord.timeline`; undefined where the series had nothing. */
  readonly points: readonly (Distribution | undefined)[]
}

export interface ShapeTotals {
  readonly shape: string
  readonly scheduled: number
  readonly started: number
  readonly dropped: number
  readonly completed: number
  readonly failed: number
  readonly aborted: number
  readonly inFlight: number
}

/**
 * One or more adjacent intervals, merged: a long run keeps at most `TIMELINE_POINTS` of them, each a power of two of
 * intervals wide.
 */
export interface TimelinePoint {
  readonly from: Millis
  readonly to: Millis
  readonly phase: Phase
  readonly users: number
  readonly target: number
  readonly scheduled: number
  readonly started: number
  readonly dropped: number
  readonly completed: number
  readonly errors: number
  readonly shapes: readonly { readonly shape: string; readonly users: number; readonly target: number }[]
  readonly generators: readonly GeneratorInterval[]
  readonly host: HostInterval
  /** By protocol; empty in runs without sockets. */
  readonly connections: readonly ConnectionInterval[]
  /** By event, all rooms together; `room` is empty. */
  readonly deliveries: readonly DeliveryCounts[]
}

export interface ProbeRecord {
  readonly probe: string
  /** The probe's own samples, at its own instants. */
  readonly samples: readonly Omit<ProbeSample, 'type' | 'probe'>[]
  readonly trouble: readonly ProbeTrouble[]
}

/** Everything that a run was, summed up: `fold` of its events. What a report, a verdict and a comparison read. */
export interface RunRecord {
  readonly started: RunStarted
  /** Undefined while the run goes on, and for a run whose process was killed. */
  readonly ended: { readonly at: Millis; readonly reason: StopReason } | undefined
  /** The first reason why the run was told to stop early, if it was. */
  readonly stop: { readonly at: Millis; readonly reason: StopReason } | undefined
  readonly duration: Millis
  /** The judged window(s): how long, the drain not included, and which intervals counted. */
  readonly judged: { readonly duration: Millis; readonly window: 'steady' | 'after warm-up' }
  readonly timeline: readonly TimelinePoint[]
  readonly series: readonly SeriesRecord[]
  readonly shapes: readonly ShapeTotals[]
  /**
   * Totals of the judged part, for rates and shares; requests and iterations under way at its end, and arrivals that
   * could not be started by then, included.
   */
  readonly judgedTotals: Totals
  readonly totals: Totals
  readonly checks: readonly CheckTotals[]
  readonly errors: readonly { readonly code: string; readonly name: string; readonly count: number }[]
  readonly exemplars: readonly Exemplar[]
  readonly faults: readonly (Fault & { readonly count: number })[]
  readonly probes: readonly ProbeRecord[]
  readonly calibration: Calibration | undefined
  /**
   * By event and room, of the whole run: a message that is lost outside the judged part is lost all the same, and its
   * fate is known only later. Empty where no deliveries are accounted for.
   */
  readonly deliveries: readonly DeliveryCounts[]
  /** By protocol, of the whole run; `open` and `away` are those at its end. */
  readonly connections: readonly ConnectionInterval[]
  /** By protocol, direction and name: of the whole run, and of its judged part. */
  readonly messages: readonly (MessageInterval & {
    readonly judged: { readonly count: number; readonly bytes: number }
  })[]
  /** Workers that fell silent before the end. */
  readonly lostWorkers: readonly number[]
  /** Scopes with more names than the cardinality guard allows: their later names are summed up as `other`. */
  readonly overflowed: readonly string[]
}

/** A check over the whole run, and in the judged part. */
export interface CheckTotals {
  readonly name: string
  readonly passed: number
  readonly failed: number
  readonly judged: { readonly passed: number; readonly failed: number }
}

export interface Totals {
  readonly iterations: number
  readonly scheduled: number
  readonly started: number
  readonly dropped: number
  readonly failedIterations: number
  readonly abortedIterations: number
  readonly requests: number
  readonly failedRequests: number
  readonly checksPassed: number
  readonly checksFailed: number
  readonly bytesSent: number
  readonly bytesReceived: number
}
