import type { SetupContext } from './compiled.ts'
import type { DeliveryOptions } from './deliveries.ts'
import type { Duration } from './duration.ts'
import type { Journey } from './journey.ts'
import type { LoadShape } from './load/shape.ts'
import type { Thresholds } from './threshold/types.ts'
import type { ThinkTime, User } from './user.ts'

/** `'64KB'`, `'1MB'`, `'16MiB'`; a bare number is bytes. */
export type Size = number | `${number}${'B' | 'KB' | 'MB' | 'GB' | 'KiB' | 'MiB' | 'GiB'}`

/** What is under test. */
export interface SystemOptions {
  /** Where it listens; relative URLs in journeys count from here. */
  readonly url: string
  /** How to start it; not given: it runs already. A plain command line is split into words, no shell sees it. */
  readonly start?:
    | string
    | {
        readonly command: string | readonly string[]
        /** Counts from the plan's folder, which is also the default. */
        readonly cwd?: string
        /** Added to the environment of Plimsoll itself. */
        readonly env?: Readonly<Record<string, string | number | boolean>>
      }
  /** A path that answers with success once the system is ready; wait for it for 60 s, or `timeout`. */
  readonly ready?: string | { readonly path: string; readonly timeout?: Duration }
  /** How long it gets to end after SIGTERM; 10 s when not given. */
  readonly stopTimeout?: Duration
}

/** How all users' HTTP behaves; each option has a default. */
export interface HttpOptions {
  /** 1 by default; `auto` asks the server (ALPN). */
  readonly version?: 1 | 2 | 'auto'
  /** A single time is for the whole exchange. Defaults: connect 10 s, firstByte 30 s, total 60 s. */
  readonly timeout?:
    | Duration
    | { readonly connect?: Duration; readonly firstByte?: Duration; readonly total?: Duration }
  /** Sent with every request. */
  readonly headers?: Readonly<Record<string, string>>
  /** How many redirects to follow; 10 by default. */
  readonly redirects?: number
  /** The most connections of one user to one origin; 6 by default, as in browsers. */
  readonly connections?: number
  readonly keepAlive?: boolean
  readonly decompress?: boolean
  /** The longest body that is accepted, decoded; 64 MiB by default. */
  readonly maxBody?: Size
  /** 64 KiB by default. */
  readonly maxHeaders?: Size
  readonly cookies?: boolean
  readonly tls?: {
    /** PEM text, or the path of a PEM file. */
    readonly ca?: string
    readonly cert?: string
    readonly key?: string
    readonly passphrase?: string
    readonly servername?: string
    /** False accepts any certificate. */
    readonly rejectUnauthorized?: boolean
  }
  /**
   * Source addresses dealt out to users: `'127.0.0.2'`, a range such as `'127.1.0.0/16'`, or `'spread'`: all of
   * 127.0.0.0/8 towards this machine, else all addresses that this machine has. `'spread'` by itself where more users
   * than one address has ports go to this machine.
   */
  readonly sourceAddresses?: string | readonly string[]
  /** A Unix socket to connect to instead of the URL's host. */
  readonly socketPath?: string
}

/** When a system counts as broken; any one that holds for `for` ends the run. */
export interface StopOptions {
  /** Share of failed exchanges; 10 % by default. */
  readonly errors?: `${number}%`
  /** Response time; 10 s by default. */
  readonly p95?: Duration
  /** Share of arrivals dropped; 10 % by default. */
  readonly dropped?: `${number}%`
  /** 10 s by default. */
  readonly for?: Duration
}

/** Cuts users' TCP connections, as a lost network or a dying server does; they come back as their sockets do. */
export interface OutageOptions {
  /** The first one, from the run's start; `every` when not given. */
  readonly after?: Duration
  /** Again and again; once when not given. */
  readonly every?: Duration
  /** Of the users; 100 % when not given. */
  readonly share?: `${number}%`
  /** How long they stay away before their first attempt to come back; the socket's own back-off when not given. */
  readonly offline?: ThinkTime
  /** Each user at an instant of its own within `every`, instead of all at one. */
  readonly spread?: boolean
}

/** A named load over time, with thresholds of its own. */
export interface ProfileOptions {
  readonly load: LoadShape | readonly LoadShape[]
  /** Added to the plan's; the same subject and metric replaces the plan's. */
  readonly thresholds?: Thresholds
  /** End the run when the system is broken. */
  readonly until?: 'broken' | StopOptions
  readonly outages?: OutageOptions | readonly OutageOptions[]
  /** Measured but not judged, from the start. */
  readonly warmUp?: Duration
  /** Judge the steady part (default), or all after the warm-up (default of a load that only ramps). */
  readonly judge?: 'steady' | 'all'
  readonly tags?: Readonly<Record<string, string>>
}

/** The values that a label may have, by label: one, or any of several. */
export type LabelFilter = Readonly<Record<string, string | readonly string[]>>

interface MetricOptions {
  /** Only series with these labels; all that match are added up. */
  readonly where?: LabelFilter
  /** What the metric is in, where its name does not end in `_seconds`, `_ms`, `_bytes` or `_ratio`. */
  readonly unit?: 's' | 'ms' | 'B' | 'ratio'
}

/** A level, as it is. */
export interface GaugeFigure extends MetricOptions {
  readonly gauge: string
}

/** How fast a counter grows, per second. */
export interface CounterFigure extends MetricOptions {
  readonly counter: string
}

/** A distribution: thresholds name `NAME p95`, `NAME mean`, `NAME rate` of it. */
export interface HistogramFigure extends MetricOptions {
  readonly histogram: string
}

/** One counter's growth as a share of others': hits of hits and misses. */
export interface ShareFigure {
  readonly share: CounterFigure
  readonly of: CounterFigure | readonly CounterFigure[]
}

export type FigureOptions = GaugeFigure | CounterFigure | HistogramFigure | ShareFigure

/** An endpoint in Prometheus's text format or OpenMetrics, and what of it is watched, by names for thresholds. */
export interface PrometheusOptions {
  /** A path of the system, `/metrics` by default, or a URL. */
  readonly url?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly figures: Readonly<Record<string, FigureOptions>>
}

/** What watches the system while it is under load. */
export interface ProbeOptions {
  /** CPU and memory; of the system that was started, or of `pid`. On by default when the plan starts the system. */
  readonly process?: boolean | { readonly pid: number }
  /**
   * A connection URL, or `'file:…'` with the path, from the plan's folder, of a file that holds one when the system is
   * ready; `database` to watch another one than the URL names.
   */
  readonly postgres?: string | { readonly url: string; readonly database?: string }
  /** A connection URL: `redis://:password@host:6379`, or `rediss:` for TLS. */
  readonly redis?: string
  /** Figures of an endpoint that tells Prometheus about the system. */
  readonly prometheus?: PrometheusOptions
  /** 1 s by default. */
  readonly every?: Duration
}

/** @typeParam Data what `setup` returns, and every user gets as `user.data` */
export interface PlanOptions<Data = unknown> {
  readonly name: string
  readonly system: SystemOptions
  /** Hosts besides loopback that may be put under load: `'staging.example.com'`. */
  readonly allow?: readonly string[]
  readonly http?: HttpOptions
  /** Environment for the system that `system.start` starts. */
  readonly env?: Readonly<Record<string, string | number | boolean>>
  /** Once, before any user; what it returns must survive `structuredClone`. */
  readonly setup?: (context: SetupContext) => Data | Promise<Data>
  /** Once, after all users. */
  readonly teardown?: (context: SetupContext, data: NoInfer<Data>) => unknown
  /** Once for each user, before its first iteration. */
  readonly begin?: (user: User<NoInfer<Data>>) => unknown
  /** Once for each user, after its last iteration. */
  readonly end?: (user: User<NoInfer<Data>>) => unknown
  readonly journeys: readonly Journey<NoInfer<Data>>[]
  readonly profiles: Readonly<Record<string, ProfileOptions>>
  readonly thresholds?: Thresholds
  readonly probes?: ProbeOptions
  /** Messages whose deliveries are accounted for, by the name that reports and thresholds use. */
  readonly deliveries?: Readonly<Record<string, DeliveryOptions>>
  readonly tags?: Readonly<Record<string, string>>
  /** Where all random numbers come from; 1 when not given, so that every run is the same run. */
  readonly seed?: number
}
