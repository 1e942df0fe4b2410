import type { Millis, Ratio } from '../base/units.ts'
import type { Feeder, ThinkDistribution, User } from './user.ts'

/**
 * A plan after validation: every shorthand expanded, every text parsed, every default filled in. The engine and the
 * judge read this form only. Functions are the plan's own; everything else is plain data.
 */
export interface CompiledPlan {
  readonly name: string
  readonly system: SystemSpec
  readonly allow: readonly string[]
  readonly http: HttpSettings
  readonly journeys: readonly CompiledJourney[]
  readonly profiles: Readonly<Record<string, CompiledProfile>>
  readonly setup: ((context: SetupContext) => unknown) | undefined
  readonly teardown: ((context: SetupContext, data: never) => unknown) | undefined
  readonly begin: ((user: User<never>) => unknown) | undefined
  readonly end: ((user: User<never>) => unknown) | undefined
  readonly probes: ProbeSettings
  readonly deliveries: readonly CompiledDelivery[]
  readonly tags: Readonly<Record<string, string>>
  readonly seed: number
  /** By their ids; left out by plans that were not made by `compilePlan`. */
  readonly feeders?: readonly Feeder<unknown>[]
  /** Environment values that must not reach a log, an event or a report. */
  readonly secrets?: readonly string[]
}

export interface SetupContext {
  readonly http: User['http']
  readonly url: string
  readonly seed: number
  readonly profile: string
}

export interface SystemSpec {
  readonly url: string
  /** A shell-free command line, split into words; undefined when the system runs already. */
  readonly start:
    | { readonly command: readonly string[]; readonly cwd: string; readonly env: Readonly<Record<string, string>> }
    | undefined
  readonly ready: { readonly path: string; readonly timeout: Millis } | undefined
  /** How long the system gets to end after SIGTERM. */
  readonly stopTimeout: Millis
}

export interface CompiledJourney {
  readonly name: string
  readonly weight: number
  /** Drawn after every iteration of this journey. */
  readonly think: ThinkDistribution | undefined
  /** The least time from one iteration's start to the next one's, for one user. */
  readonly pace: Millis | undefined
  /** An iteration that runs longer is abandoned and counted as hung. */
  readonly timeout: Millis
  readonly tags: Readonly<Record<string, string>>
  readonly run: (user: User<never>) => unknown
}

export interface Stage {
  readonly kind: 'ramp' | 'hold'
  readonly duration: Millis
  /** Users (closed) or arrivals per second (open) at the stage's beginning and end; equal for a hold. */
  readonly from: number
  readonly to: number
}

interface ShapeBase {
  /** Unique in the profile: given by `.named()`, or `users`, `arrivals`, `users 2`… */
  readonly name: string
  readonly startAfter: Millis
  /** Names of the journeys that this shape's users do; all of the plan's when not narrowed. */
  readonly journeys: readonly string[]
  /** How long iterations under way may go on after the last stage. */
  readonly gracefulStop: Millis
}

export interface UsersShape extends ShapeBase {
  readonly model: 'closed'
  readonly stages: readonly Stage[]
}

/** A number of iterations instead of a time. */
export interface IterationsShape extends ShapeBase {
  readonly model: 'iterations'
  readonly users: number
  readonly iterations: number
  /** `user`: each user does `iterations`; `shared`: all users together do them. */
  readonly per: 'user' | 'shared'
  readonly maxDuration: Millis
}

export interface ArrivalsShape extends ShapeBase {
  readonly model: 'open'
  readonly stages: readonly Stage[]
  /** Arrivals that find this many users at work are dropped, and counted. */
  readonly maxUsers: number
  /** `poisson`: independent users; `even`: equal gaps. Both give exactly the planned number. */
  readonly spacing: 'poisson' | 'even'
}

export type CompiledShape = UsersShape | IterationsShape | ArrivalsShape

export interface CompiledProfile {
  readonly name: string
  readonly shapes: readonly CompiledShape[]
  /** Marked, measured, not judged: this long from the start. */
  readonly warmUp: Millis
  /** Thresholds are judged on the steady part, or on everything after the warm-up. */
  readonly judge: 'steady' | 'all'
  /** Ends the run when the system is broken. */
  readonly until: StopCriteria | undefined
  readonly outages: readonly CompiledOutage[]
  readonly thresholds: readonly ThresholdSpec[]
  readonly tags: Readonly<Record<string, string>>
}

/** When connections are cut, as a lost network does. */
export interface CompiledOutage {
  readonly after: Millis
  /** Undefined: once. */
  readonly every: Millis | undefined
  /** Of the users, 0 to 1. */
  readonly share: Ratio
  readonly offline: ThinkDistribution | undefined
  /** Each user at its own instant within `every`. */
  readonly spread: boolean
}

/** Reads one value of a payload. `text` is how the plan writes it. */
export interface CompiledField {
  readonly text: string
  /** Reads by its path alone: no code of the plan's looks at the payload. */
  readonly isPath: boolean
  readonly read: (payload: unknown) => unknown
}

export interface CompiledMembershipEvent {
  readonly event: string
  readonly room: CompiledField
  readonly seq: CompiledField | undefined
  readonly accepted: CompiledField | undefined
}

export interface CompiledPublishEvent extends CompiledMembershipEvent {
  readonly key: CompiledField
}

export interface CompiledReceiveEvent {
  /** An event from the server, or of an emit whose acknowledgement brings messages along. */
  readonly event: string
  readonly source: 'event' | 'ack'
  /** Undefined: the payload is one message. */
  readonly each: CompiledField | undefined
  readonly room: CompiledField
  readonly key: CompiledField
  readonly seq: CompiledField | undefined
}

/** One kind of message whose deliveries are accounted for. */
export interface CompiledDelivery {
  readonly name: string
  readonly join: CompiledMembershipEvent | undefined
  readonly leave: CompiledMembershipEvent | undefined
  readonly publish: CompiledPublishEvent
  readonly receive: readonly CompiledReceiveEvent[]
  /** Rooms that a user is in from its first attempt to connect. */
  readonly rooms: ((user: User<never>) => readonly string[]) | undefined
  readonly toSender: boolean
  readonly grace: Millis
}

/** The run ends, as `broken`, when any of these has held for `for`. */
export interface StopCriteria {
  readonly errors: number
  /** p95 response time. */
  readonly p95: Millis | undefined
  /** Share of arrivals dropped. */
  readonly dropped: number
  readonly for: Millis
}

export type Comparison = '<' | '<=' | '>' | '>=' | '=' | '!='

/** What a threshold's number is; `value` is always in the base unit named here. */
export type ThresholdUnit = 'ms' | '1/s' | 'ratio' | 'B' | 'B/s' | 'count'

/** Times over sockets that have a name: what connected, was acknowledged, answered or waited for. */
export type SocketTiming =
  | 'ws.connect_time'
  | 'socketio.connect_time'
  | 'sse.connect_time'
  | 'socketio.ack_time'
  | 'ws.round_trip'
  | 'push.wait_time'

/** Where a threshold looks for its number. */
export type ThresholdSubject =
  | { readonly kind: 'all' }
  | { readonly kind: 'endpoint'; readonly name: string }
  | { readonly kind: 'step'; readonly name: string }
  | { readonly kind: 'journey'; readonly name: string }
  | { readonly kind: 'tag'; readonly name: string; readonly value: string }
  | { readonly kind: 'check'; readonly name: string }
  | { readonly kind: 'counter'; readonly name: 'iterations' | 'dropped' | 'checks' | 'errors' | 'bytes' }
  | { readonly kind: 'delivery'; readonly name: string }
  /** `name` is empty for all names together. */
  | { readonly kind: 'timing'; readonly metric: SocketTiming; readonly name: string }
  | { readonly kind: 'message'; readonly direction: 'in' | 'out'; readonly name: string }
  | { readonly kind: 'reconnect' }
  | { readonly kind: 'probe'; readonly name: string }

export interface ThresholdSpec {
  /** As the plan writes it: `POST /lock-proof`, `errors`, `process`. */
  readonly subject: string
  /** As the plan writes it: `p95`, `rate`, `query p95`. For a bare limit such as `errors: '< 1%'`, the subject's own: `share`. */
  readonly metric: string
  /** As the plan writes it: `< 300ms`. */
  readonly limit: string
  readonly scope: ThresholdSubject
  /**
   * For latencies, the series: `response` unless the metric names another (`service p95`, `connect p95`), or a metric's
   * own name, with a dot; for counts of deliveries and of coming back, which (`lost`, `never`).
   */
  readonly series: string
  /** What of the series: a quantile in (0, 1), or a figure. */
  readonly statistic:
    | { readonly kind: 'quantile'; readonly q: number }
    | { readonly kind: 'min' | 'mean' | 'max' | 'rate' | 'count' | 'share' | 'value' }
  readonly comparison: Comparison
  readonly value: number
  readonly unit: ThresholdUnit
  /** End the run when missed, looked at from this long after the start. */
  readonly abortAfter: Millis | undefined
  /** Only in a scaled run, for a rate: the limit that `value` is, and how it came about: `>= 50/s (500/s × 0.1)`. */
  readonly scaledLimit?: string
  /**
   * Only in a scaled run, for a count: the run has less load or time than the profile and no more of either, the
   * reverse, or less of one and more of the other. The verdict stands only where the profile's whole load could not
   * change it.
   */
  readonly amount?: 'less' | 'more' | 'other'
}

export interface HttpSettings {
  readonly version: 1 | 2 | 'auto'
  readonly timeout: { readonly connect: Millis; readonly firstByte: Millis; readonly total: Millis }
  readonly headers: Readonly<Record<string, string>>
  readonly redirects: number
  /** The most connections of one user to one origin. */
  readonly connections: number
  readonly keepAlive: boolean
  readonly decompress: boolean
  readonly maxBody: number
  readonly maxHeaders: number
  readonly cookies: boolean
  readonly tls: TlsSettings
  /** Source addresses dealt out to users: single ones, `127.0.0.0/8`-like ranges, `spread`; empty: the system chooses. */
  readonly sourceAddresses: readonly string[]
  readonly socketPath: string | undefined
}

export interface TlsSettings {
  readonly ca: string | undefined
  readonly cert: string | undefined
  readonly key: string | undefined
  readonly passphrase: string | undefined
  readonly servername: string | undefined
  readonly rejectUnauthorized: boolean
}

/** Series of one metric; those whose labels have one of the values, for each label that is named. */
export interface MetricSelector {
  readonly metric: string
  readonly where: Readonly<Record<string, readonly string[]>>
}

/** `unit` is the figure's; of a histogram its times' or sizes'. `factor` turns the metric's own unit into it. */
export type CompiledFigure = { readonly unit: ThresholdUnit } & (
  | ({ readonly kind: 'gauge' | 'counter' | 'histogram'; readonly factor: number } & MetricSelector)
  | { readonly kind: 'share'; readonly part: MetricSelector; readonly whole: readonly MetricSelector[] }
)

export interface ProbeSettings {
  readonly process: { readonly pid: number | undefined } | undefined
  readonly postgres: { readonly url: string; readonly database: string | undefined } | undefined
  readonly redis: string | undefined
  readonly prometheus:
    | {
        readonly url: string
        readonly headers: Readonly<Record<string, string>>
        readonly figures: Readonly<Record<string, CompiledFigure>>
      }
    | undefined
  readonly every: Millis
}
