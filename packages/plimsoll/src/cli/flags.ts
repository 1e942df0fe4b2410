import type { Millis } from '../base/units.ts'

/** What commander makes of the options. */
export interface ReportFlags {
  readonly out?: string
  readonly json?: string
  readonly junit?: string
  readonly markdown?: string
  readonly html?: string
  readonly quiet?: boolean
}

export interface RunFlags extends ReportFlags {
  readonly profile?: string
  readonly url?: string
  readonly workers?: number
  readonly duration?: Millis
  readonly scale?: number
  /** Commander turns `--no-start` into false. */
  readonly start?: boolean
}
