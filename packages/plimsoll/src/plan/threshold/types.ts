import type { Duration } from '../duration.ts'

type Compare = `${'<' | '<=' | '>' | '>=' | '=' | '!='}${'' | ' '}`
type Size = 'B' | 'KB' | 'MB' | 'GB' | 'TB' | 'KiB' | 'MiB' | 'GiB'

/** A limit that can also end the run. */
interface Aborting<Text extends string> {
  readonly limit: Text
  /** End the run when the limit is missed; with `after`, looked at from this long after the start. */
  readonly abort?: boolean | { readonly after: Duration }
}

type TimeText = `${Compare}${number}${'us' | 'µs' | 'ms' | 's' | 'm' | 'h'}` | `${Compare}0`
type RateText = `${Compare}${number}/${'s' | 'min' | 'h'}` | `${Compare}0`
type ShareText = `${Compare}${number}%` | `${Compare}0`
type CountText = `${Compare}${number}`
type PortionText = CountText | ShareText
type BytesText = `${Compare}${number}${Size}` | `${Compare}${number}${Size}/s` | `${Compare}0`

/** `'< 300ms'`: a comparison, a number, and us, ms, s, m or h. */
export type TimeLimit = TimeText | Aborting<TimeText>
/** `'>= 500/s'`: a comparison, a number, and /s, /min or /h. */
export type RateLimit = RateText | Aborting<RateText>
/** `'< 1%'`: a comparison, a number, and %. */
export type ShareLimit = ShareText | Aborting<ShareText>
/** `'= 0'`: a comparison and a number. */
export type CountLimit = CountText | Aborting<CountText>
/** `'= 0'` or `'< 0.1%'`: a comparison, a number, and % for a share. */
export type PortionLimit = PortionText | Aborting<PortionText>
/** `'< 512MB'`: a comparison, a number, and B, KB, MB, GB, KiB, MiB or GiB, or those per second. */
export type BytesLimit = BytesText | Aborting<BytesText>
/** Any of the limits. */
export type Limit = TimeLimit | RateLimit | ShareLimit | CountLimit | BytesLimit

type Figure = 'min' | 'mean' | 'max'
type Phase = 'response' | 'service' | 'connect' | 'tls' | 'blocked' | 'wait' | 'receive'

/** How long something took, how often it happened, and how much of it failed. */
export interface DurationLimits extends Readonly<Partial<Record<Figure, TimeLimit>>> {
  /** `p50`, `p95`, `p99`, `p99.9` or `p999` … */
  readonly [quantile: `p${number}`]: TimeLimit
  readonly rate?: RateLimit
  readonly count?: CountLimit
  /** The share that failed. */
  readonly errors?: ShareLimit
}

/** As `DurationLimits`, of response times; other times by name: `'service p95'`, `'connect max'`. */
export interface EndpointLimits extends DurationLimits, Readonly<Partial<Record<`${Phase} ${Figure}`, TimeLimit>>> {
  readonly [quantile: `${Phase} p${number}`]: TimeLimit
}

type DeliveryTime = 'late' | 'last' | 'receiver mean' | 'receiver max'

/**
 * Times from the scheduled send to the receiver's socket, of the judged part; and what became of all deliveries, of the
 * whole run. Shares of what was received are those of `duplicated`, `foreign` and `unexpected`, all others are shares of
 * what was expected.
 */
export interface DeliveryLimits extends Readonly<Partial<Record<Figure | `${DeliveryTime} ${Figure}`, TimeLimit>>> {
  readonly [quantile: `p${number}`]: TimeLimit
  /** Those that came by resume, of each message the last receiver, and each receiver's mean and worst. */
  readonly [quantile: `${DeliveryTime} p${number}`]: TimeLimit
  /** Received per second of the judged part. */
  readonly rate?: RateLimit
  readonly published?: CountLimit
  readonly expected?: CountLimit
  readonly received?: PortionLimit
  readonly late?: PortionLimit
  readonly lost?: PortionLimit
  readonly duplicated?: PortionLimit
  readonly 'out of order'?: PortionLimit
  readonly out_of_order?: PortionLimit
  /** Received by a user who was not a member. */
  readonly foreign?: PortionLimit
  readonly uncertain?: PortionLimit
  readonly unexpected?: PortionLimit
}

/** Of the judged part. */
export interface MessageLimits {
  readonly rate?: RateLimit
  readonly count?: CountLimit
  readonly bytes?: BytesLimit
}

/** From a connection's loss to its return: `p95` is how long it took until 95 % were back. */
export interface ReconnectLimits extends Readonly<Partial<Record<Figure, TimeLimit>>> {
  readonly [quantile: `p${number}`]: TimeLimit
  readonly rate?: RateLimit
  readonly count?: CountLimit
  /** Who never came back, of the whole run. */
  readonly never?: PortionLimit
  /** Whose state the server restored, where it was asked to; of the whole run. */
  readonly recovered?: PortionLimit
}

/** Figures of a probe, by the probe's own names: `cpu`, `memory`, `connections`, `'query p95'`. */
export type ProbeLimits = Readonly<Record<string, Limit>>

type SharedLimits = { readonly share?: ShareLimit; readonly rate?: RateLimit; readonly count?: CountLimit }

/** What must hold, by subject: an endpoint, a name given with `name:`, or one of the subjects below. */
export interface Thresholds {
  /** All HTTP exchanges together. */
  readonly http?: EndpointLimits
  /** The share of exchanges and iterations that failed. */
  readonly errors?: ShareLimit | RateLimit | SharedLimits
  /** The share of checks that passed. */
  readonly checks?: ShareLimit | SharedLimits
  readonly iterations?: CountLimit | RateLimit | { readonly rate?: RateLimit; readonly count?: CountLimit }
  /** Iterations that were due and could not be started. */
  readonly dropped?: CountLimit | ShareLimit | RateLimit | SharedLimits
  readonly bytes?: BytesLimit | { readonly rate?: BytesLimit; readonly count?: BytesLimit }
  /** Connecting, all names together; `'ws connect /path'` is one of them. */
  readonly 'ws connect'?: DurationLimits
  readonly 'socketio connect'?: DurationLimits
  readonly 'sse connect'?: DurationLimits
  readonly 'ws ping'?: DurationLimits
  /** From an emit to its acknowledgement, all events together; `'ack EVENT'` is one of them. */
  readonly ack?: DurationLimits
  readonly reconnect?: ReconnectLimits
  readonly process?: ProbeLimits
  readonly postgres?: ProbeLimits
  readonly redis?: ProbeLimits
  readonly agent?: ProbeLimits
  readonly host?: ProbeLimits
  readonly prometheus?: ProbeLimits
  readonly [endpoint: `${'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'HEAD' | 'OPTIONS'} /${string}`]: EndpointLimits
  readonly [step: `step ${string}`]: DurationLimits
  readonly [journey: `journey ${string}`]: DurationLimits
  readonly [tag: `tag ${string}:${string}`]: EndpointLimits
  readonly [check: `check ${string}`]: ShareLimit
  readonly [delivery: `delivery ${string}`]: DeliveryLimits
  readonly [connect: `${'ws' | 'socketio' | 'sse'} connect ${string}`]: DurationLimits
  readonly [ack: `ack ${string}`]: DurationLimits
  readonly [request: `ws request ${string}`]: DurationLimits
  readonly [wait: `wait ${string}`]: DurationLimits
  /** Messages from the system by the name of their event; `'message out NAME'` to it. */
  readonly [message: `message ${string}`]: MessageLimits
  // `undefined` for plans that are compiled without exactOptionalPropertyTypes
  readonly [name: string]:
    | Limit
    | EndpointLimits
    | DeliveryLimits
    | MessageLimits
    | ReconnectLimits
    | ProbeLimits
    | SharedLimits
    | undefined
}
