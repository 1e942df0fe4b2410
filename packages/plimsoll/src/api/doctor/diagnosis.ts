/** One thing about this machine that a measurement depends on. */
export interface Diagnosis {
  readonly name: string
  /** `bad`: figures measured here cannot be trusted, or a run will break. `warn`: they have a limit worth knowing. */
  readonly state: 'ok' | 'warn' | 'bad'
  readonly found: string
  /** What to change, with the exact command where there is one. */
  readonly change?: string
}
