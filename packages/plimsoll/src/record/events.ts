import type { Millis } from '../base/units.ts'
import type { DeliveryCounts } from '../measure/deliveries/types.ts'
import type { CompiledShape, ThresholdSpec, ThresholdUnit } from '../plan/compiled.ts'
import type { Counted } from './counted.ts'

/**
 * The one stream that everything downstream reads: the store writes it, the terminal and the dashboard show it, the
 * fold sums it up. Plain JSON throughout, so that a stored run and a live one are the same thing.
 */
export const EVENT_VERSION = 1

/** A recorded distribution: what latencies a metric took in one interval, for one name. */
export type Metric =
  | 'http.response_time'
  | 'http.service_time'
  | 'http.connect_time'
  | 'http.tls_time'
  | 'http.blocked_time'
  | 'http.wait_time'
  | 'http.receive_time'
  | 'journey.duration'
  | 'step.duration'
  | 'generator.lateness'
  /** How long octets had waited in the generator's own process, at most, when they were read. */
  | 'generator.receive_wait'
  | 'ws.connect_time'
  /** Pings under the name `ping`, requests under theirs. */
  | 'ws.round_trip'
  | 'socketio.connect_time'
  | 'socketio.ack_time'
  | 'sse.connect_time'
  /** Waits for a message from the server, by what was waited for. */
  | 'push.wait_time'
  /** From the scheduled send to the receiver's socket, by event. */
  | 'delivery.latency'
  /** Those of `delivery.latency` that came by resume, after a reconnect. */
  | 'delivery.late_latency'
  /** Of each message, until its last receiver had it. */
  | 'delivery.last_receiver'
  /** One sample for each receiver: the mean and the worst of what it got. */
  | 'delivery.receiver_mean'
  | 'delivery.receiver_max'
  /** From a connection's loss to its return; who never came back is a censored sample. */
  | 'reconnect.time'
  | (string & {})

/** Which part of the traffic a series covers. */
export type Scope = 'all' | 'endpoint' | 'step' | 'journey' | 'tag'

export interface SeriesKey {
  readonly metric: Metric
  readonly scope: Scope
  /** The endpoint, step or journey; `name:value` for a tag; empty for `all`. */
  readonly name: string
}

export interface SeriesInterval extends SeriesKey {
  readonly count: number
  /** Of `count`, those that did not succeed. */
  readonly failed: number
  /** Of `count`, those known only as "at least this long": cut off by a timeout or the end of the run. */
  readonly censored: number
  /** Exact, in microseconds. */
  readonly sum: number
  readonly min: number
  readonly max: number
  /** Base64 of the histogram's sparse encoding (measure/histogram-codec). */
  readonly histogram: string
}

export interface ShapeInterval {
  readonly shape: string
  /** Users alive at the interval's end; for arrivals, users at work. */
  readonly users: number
  /** What the plan asked for at the interval's end: users, or arrivals per second. */
  readonly target: number
  readonly scheduled: number
  readonly started: number
  readonly dropped: number
  readonly completed: number
  /** Iterations whose journey threw. */
  readonly failed: number
  /** Iterations cut off by the end of the run or by the journey's timeout. */
  readonly aborted: number
  /** Iterations under way at the interval's end. */
  readonly inFlight: number
}

export interface CheckInterval {
  readonly name: string
  readonly passed: number
  readonly failed: number
}

export interface ErrorInterval {
  readonly code: string
  /** The endpoint, or the journey for errors outside any exchange. */
  readonly name: string
  readonly count: number
}

export type SocketProtocol = 'ws' | 'socketio' | 'sse'

/** What happened to the connections of one protocol. */
export interface ConnectionInterval {
  readonly protocol: SocketProtocol
  /** Standing at the interval's end. */
  readonly open: number
  /** At the interval's end: cut or lost, and on their way back. */
  readonly away: number
  /** First connections that stood, and attempts that failed. */
  readonly opened: number
  readonly failed: number
  /** Ended by the plan; dropped by the plan, as a lost network does; ended by the server or the network. */
  readonly closed: number
  readonly cut: number
  readonly lost: number
  readonly reconnected: number
  /** Gave up coming back, or were still away when the run ended. */
  readonly neverBack: number
  /** Of the reconnected, those whose state the server restored, and those where it was asked to and did not. */
  readonly recovered: number
  readonly notRecovered: number
}

/** Messages over sockets, by the name of their event. */
export interface MessageInterval {
  readonly protocol: SocketProtocol
  readonly direction: 'in' | 'out'
  readonly name: string
  readonly count: number
  readonly bytes: number
}

/** One worker looking at itself over one interval. */
export interface GeneratorInterval {
  readonly worker: number
  /** Event-loop delay in milliseconds, the sampling period taken off. */
  readonly loopDelayP50: number
  readonly loopDelayP99: number
  readonly loopDelayMax: number
  /** Share of the interval that the loop worked, spinning for precise starts not counted. */
  readonly utilization: number
  /** Cores used by this worker's thread; 0 when the platform cannot tell. */
  readonly cpu: number
  readonly gcMs: number
  readonly heapBytes: number
  /** How far Date moved against the monotonic clock, in milliseconds. */
  readonly clockStep: number
  readonly openConnections: number
  readonly inFlightRequests: number
  /** Integral of exchanges under way over the interval, in request-milliseconds: for Little's law. */
  readonly inFlightArea: number
  /** Share of the interval in which a shape stood at its cap on users. */
  readonly atCap: number
}

/** The generator's process and machine over one interval. */
export interface HostInterval {
  /** Cores in use by everything on the machine, by the generator's process, by the system under test when it runs here. */
  readonly cpuTotal: number | undefined
  readonly cpuGenerator: number
  readonly cpuSystem: number | undefined
  readonly cores: number
  readonly steal: number | undefined
  readonly throttled: number | undefined
  readonly pressure: number | undefined
  readonly rssBytes: number
  readonly openFiles: number | undefined
  readonly maxFiles: number | undefined
}

export type Phase = 'warm-up' | 'ramp' | 'steady' | 'stopping'

export interface Interval {
  readonly type: 'interval'
  /** Counts up from 0; intervals are adjacent and about a second long. */
  readonly index: number
  /** Since the run's start. */
  readonly from: Millis
  readonly to: Millis
  readonly phase: Phase
  readonly series: readonly SeriesInterval[]
  readonly shapes: readonly ShapeInterval[]
  readonly checks: readonly CheckInterval[]
  readonly errors: readonly ErrorInterval[]
  /** Only in runs whose plans use sockets, and account for deliveries. */
  readonly connections?: readonly ConnectionInterval[]
  readonly messages?: readonly MessageInterval[]
  readonly deliveries?: readonly DeliveryCounts[]
  readonly bytesSent: number
  readonly bytesReceived: number
  readonly generators: readonly GeneratorInterval[]
  readonly host: HostInterval
  /** Workers that sent nothing for this interval. */
  readonly missingWorkers: readonly number[]
  /** Scopes with more names than the cardinality guard allows, so that later ones went to `other`. */
  readonly overflowed?: readonly string[]
  /**
   * Only of an interval that joins several and is not judged itself, stopping or a ramp after a steady part: those of
   * them, each with its own end, in which something ended that may have begun in the judged part (record/drain).
   */
  readonly drain?: readonly { readonly to: Millis; readonly series: readonly SeriesInterval[] }[]
}

/** One exchange kept as an example, secrets removed. Times are milliseconds. */
export interface Exemplar {
  readonly type: 'exemplar'
  readonly reason: 'slow' | 'failed'
  readonly endpoint: string
  readonly journey: string
  readonly user: number
  /** Scheduled instant, since the run's start. */
  readonly at: Millis
  readonly method: string
  readonly url: string
  readonly status: number
  readonly code: string | undefined
  readonly message: string | undefined
  readonly phases: {
    readonly blocked: number
    readonly connect: number
    readonly tls: number
    readonly send: number
    readonly wait: number
    readonly receive: number
  }
  readonly total: number
  readonly requestHeaders: readonly (readonly [string, string])[]
  readonly requestBody: string | undefined
  readonly responseHeaders: readonly (readonly [string, string])[]
  readonly responseBody: string | undefined
}

/** A journey that threw, hung or looped: the first of each kind and place, and how often since. */
export interface Fault {
  readonly type: 'fault'
  readonly kind: 'threw' | 'hung' | 'looped' | 'worker lost'
  readonly journey: string
  readonly user: number
  readonly message: string
  /** Mapped to the plan's own lines; only the first event of each fault carries it. */
  readonly stack: string | undefined
  /** How often it happened since the last event of the same kind, journey and message. */
  readonly count: number
}

/** What a probe saw; names and units are the probe's own, such as `cpu` in `ratio`. */
export interface ProbeSample {
  readonly type: 'probe'
  readonly probe: string
  readonly at: Millis
  readonly values: Readonly<Record<string, number>>
  /** By figure: what some of the values were made of, where it can be added up. */
  readonly counted?: Readonly<Record<string, Counted>>
}

/** A probe that could not be started or lost its target; its thresholds will have no data. */
export interface ProbeTrouble {
  readonly type: 'probe.trouble'
  readonly probe: string
  readonly at: Millis
  readonly message: string
  /** The one figure that it is about: there was nothing of it in the whole run. */
  readonly figure?: string
}

export interface MachineInfo {
  readonly hostname: string
  readonly platform: string
  readonly release: string
  readonly cpuModel: string
  readonly cores: number
  readonly memoryBytes: number
  readonly node: string
  readonly plimsoll: string
}

export interface RunStarted {
  readonly type: 'run.started'
  readonly version: typeof EVENT_VERSION
  readonly run: string
  readonly startedAt: string
  readonly plan: {
    readonly name: string
    readonly file: string
    /** The plan's text as it was run, without the passwords of URLs in it. */
    readonly source: string
    readonly profile: string
    readonly url: string
    readonly seed: number
    readonly scale: number
    readonly workers: number
    readonly journeys: readonly { readonly name: string; readonly weight: number }[]
    readonly shapes: readonly CompiledShape[]
    readonly thresholds: readonly ThresholdSpec[]
    /** Those that the plan declares; others, kept by plan code, have the default grace. */
    readonly deliveries?: readonly { readonly event: string; readonly grace: Millis }[]
    /** Of figures that the plan itself names, by probe and figure. */
    readonly probeUnits?: Readonly<Record<string, Readonly<Record<string, ThresholdUnit>>>>
    readonly warmUp: Millis
    readonly judge: 'steady' | 'all'
    /** The longest that the load may last, stopping included. */
    readonly duration: Millis
    readonly tags: Readonly<Record<string, string>>
  }
  readonly machine: MachineInfo
}

export type StopReason =
  | { readonly kind: 'finished' }
  | { readonly kind: 'interrupted'; readonly signal: string; readonly forced: boolean }
  | { readonly kind: 'threshold'; readonly threshold: string }
  | { readonly kind: 'broken'; readonly criterion: string }
  | { readonly kind: 'system died'; readonly message: string }
  | { readonly kind: 'worker lost'; readonly message: string }
  | { readonly kind: 'error'; readonly code: string; readonly message: string }

export interface StopRequested {
  readonly type: 'stop'
  readonly at: Millis
  readonly reason: StopReason
}

/** Self-calibration against the built-in server of known delay (validity flag V7). */
export interface Calibration {
  readonly type: 'calibration'
  readonly rate: number
  readonly delayMs: number
  readonly count: number
  readonly p50: number
  readonly p99: number
}

export interface RunEnded {
  readonly type: 'run.ended'
  readonly at: Millis
  readonly reason: StopReason
}

export type RunEventBody =
  | RunStarted
  | Interval
  | Exemplar
  | Fault
  | ProbeSample
  | ProbeTrouble
  | Calibration
  | StopRequested
  | RunEnded

/** Numbered by the bus, without gaps, from 0. */
export type RunEvent = RunEventBody & { readonly seq: number }
