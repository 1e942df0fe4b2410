import type { Millis, PerSecond } from '../base/units.ts'
import type { DeliveryCounts, LastReceipts, LedgerNews } from '../measure/deliveries/types.ts'
import type {
  ConnectionInterval,
  Exemplar,
  Fault,
  GeneratorInterval,
  MessageInterval,
  ShapeInterval,
} from '../record/events.ts'

/** Everything that crosses between the coordinator's thread and its workers, and nothing else. */

/** Given to a worker when it is made. */
export interface WorkerSettings {
  readonly worker: number
  readonly workers: number
  /** Unique to the run: part of what `user.unique()` returns. */
  readonly run: string
  /** Written by the worker, read by the watchdog: see pulse.ts. */
  readonly pulse: SharedArrayBuffer
}

/** What the load is; sent once the plan is bundled, so that threads start while that happens. */
export interface LoadSettings {
  /** URL of the bundled plan module. */
  readonly bundle: string
  readonly profile: string
  readonly scale: number
  readonly duration: Millis | undefined
  readonly url: string
  readonly seed: number
  /** Hosts that the plan allows besides loopback. */
  readonly allow: readonly string[]
  /** By feeder id: the cursor that all workers share. */
  readonly feeders: Readonly<Record<number, SharedArrayBuffer>>
  /** By shape name: iterations taken so far, for shapes whose users share them. */
  readonly iterations: Readonly<Record<string, SharedArrayBuffer>>
}

/** The load of the self-calibration; its server tells in each answer's body when it answered. */
export interface CalibrationJob {
  readonly url: string
  /** Of all workers together. */
  readonly rate: PerSecond
  /** An instant of the shared clock. */
  readonly start: Millis
  readonly duration: Millis
  /** What began before this much had passed does not count. */
  readonly warmUp: Millis
}

export type ToWorker =
  | { readonly type: 'load'; readonly load: LoadSettings }
  /** `at` is an instant of the monotonic clock that all threads share; `data` is what setup returned. */
  | { readonly type: 'start'; readonly at: Millis; readonly data: unknown }
  /** Begin no more iterations; those under way may finish until `deadline`. */
  | { readonly type: 'stop'; readonly deadline: Millis }
  /** What another worker's users have published. */
  | { readonly type: 'news'; readonly news: LedgerNews }
  /** Every worker has fallen silent: tell what the last news of the others has made known. */
  | { readonly type: 'last news' }
  /** All has been told: decide what is still open, send a last frame, be done. */
  | { readonly type: 'settle' }
  /** The load is over: what does this worker add to the times of a server that is known? */
  | { readonly type: 'calibrate'; readonly job: CalibrationJob }

export type FromWorker =
  /** With the kernel's id of the worker's thread; undefined where there is no Linux. */
  | { readonly type: 'ready'; readonly thread: number | undefined }
  | { readonly type: 'failed'; readonly message: string; readonly details: readonly string[] }
  | { readonly type: 'frame'; readonly frame: Frame }
  | { readonly type: 'news'; readonly news: LedgerNews }
  /** The plan does not fit the system: the run makes no sense. */
  | { readonly type: 'gave up'; readonly code: string; readonly message: string }
  /** The last user has left, or the last news was asked for; all that is known here has been told. */
  | { readonly type: 'silent' }
  | { readonly type: 'done' }
  /** Its own errors, as an encoded histogram. */
  | { readonly type: 'calibrated'; readonly errors: Uint8Array }

export interface SeriesFrame {
  readonly metric: string
  readonly scope: string
  readonly name: string
  readonly count: number
  readonly failed: number
  readonly censored: number
  readonly sum: number
  readonly min: number
  readonly max: number
  readonly histogram: Uint8Array
}

/** One worker's second. */
export interface Frame {
  readonly index: number
  readonly from: Millis
  readonly to: Millis
  readonly series: readonly SeriesFrame[]
  readonly checks: readonly { readonly name: string; readonly passed: number; readonly failed: number }[]
  readonly errors: readonly { readonly code: string; readonly name: string; readonly count: number }[]
  readonly shapes: readonly ShapeInterval[]
  readonly connections: readonly ConnectionInterval[]
  readonly messages: readonly MessageInterval[]
  readonly deliveries: readonly DeliveryCounts[]
  readonly lastReceipts: LastReceipts
  readonly bytesSent: number
  readonly bytesReceived: number
  readonly generator: GeneratorInterval
  readonly exemplars: readonly Exemplar[]
  readonly faults: readonly Fault[]
  /** Scopes whose names were too many, so that the rest went to `other`. */
  readonly overflowed: readonly string[]
}
