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
type BytesText = `${Compare}${number}${Size}` | `${Compare}${number}${Size}/s` | `${Compare}0`

/** `'< 300ms'`: a comparison, a number, and us, ms, s, m or h. */
export type TimeLimit = TimeText | Aborting<TimeText>
/** `'>= 500/s'`: a comparison, a number, and /s, /min or /h. */
export type RateLimit = RateText | Aborting<RateText>
/** `'< 1%'`: a comparison, a number, and %. */
export type ShareLimit = ShareText | Aborting<ShareText>
/** `'= 0'`: a comparison and a number. */
export type CountLimit = CountText | Aborting<CountText>
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
  // `undefined` for plans that are compiled without exactOptionalPropertyTypes
  readonly [name: string]: Limit | EndpointLimits | ProbeLimits | SharedLimits | undefined
}
