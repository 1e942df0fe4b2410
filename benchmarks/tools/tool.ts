import type { Command } from '../harness/child.ts'

/** 100 users who each ask again when they have their answer, without think time, until stopped. */
export interface ClosedLoad {
  readonly url: string
  readonly users: number
  readonly seconds: number
}

/** A rate that does not depend on answers, as far as the tool can. */
export interface OpenLoad {
  readonly url: string
  readonly rate: number
  readonly seconds: number
  /** A folder for files of this run. */
  readonly scratch: string
}

/** Response times in milliseconds; undefined where the tool does not give that percentile. */
export type Percentiles = Readonly<Record<PercentileName, number | undefined>>
export const percentileNames = ['p50', 'p90', 'p95', 'p99', 'p99.9'] as const
export type PercentileName = (typeof percentileNames)[number]
export const quantileOf = (name: PercentileName): number => Number(name.slice(1)) / 100

export interface OpenRun extends Command {
  /** Reads what the tool reported, when it has ended. */
  readonly read: (stdout: string) => Promise<Percentiles>
}

/** A load generator, as a user would run it for each of these jobs; a job that it cannot do is left out. */
export interface Tool {
  readonly name: string
  /** Undefined when it is not installed. */
  version(): string | undefined
  /** How to get it. */
  readonly install: string
  /** How it is told to do these jobs, for the report. */
  readonly how: { readonly closed?: string; readonly open?: string }
  readonly closed?: (load: ClosedLoad) => Command
  readonly open?: (load: OpenLoad) => OpenRun
  /** The smallest script with one request. */
  readonly once?: (url: string) => Command
}
