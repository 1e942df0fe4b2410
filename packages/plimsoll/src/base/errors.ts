/** What the process ends with; the numbers are a contract (docs/ARCHITECTURE.md, "Exit codes"). */
export const exitCodes = {
  met: 0,
  missed: 1,
  usage: 2,
  invalid: 3,
  systemFailed: 4,
  interrupted: 130,
} as const
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes]

/**
 * Every code a Plimsoll error may carry. Codes are stable: scripts and documents name them (docs/errors.md lists them,
 * and a test holds the two equal).
 */
export const errorCodes = [
  'PLAN_NOT_FOUND',
  'PLAN_UNREADABLE',
  'PLAN_INVALID',
  'USAGE',
  'HOST_NOT_ALLOWED',
  'SYSTEM_NOT_READY',
  'SYSTEM_DIED',
  'SETUP_FAILED',
  'FEEDER_DRY',
  'RUN_NOT_FOUND',
  'RUN_UNREADABLE',
  'RUN_TOO_NEW',
  'OUTPUT_UNWRITABLE',
  'WORKER_LOST',
  'PROBE_FAILED',
  'INTERRUPTED',
  'INTERNAL',
] as const
export type ErrorCode = (typeof errorCodes)[number]

interface ErrorDetails {
  /** What the user can do about it: one sentence. */
  hint?: string
  exitCode?: ExitCode
  /** More lines to print below the message: problems of a plan, the last lines of a log. */
  details?: readonly string[]
  cause?: unknown
}

/** An error that a user sees as sentences, not as a stack: what happened, what was got, what to do. */
export class PlimsollError extends Error {
  readonly code: ErrorCode
  readonly hint: string | undefined
  readonly exitCode: ExitCode
  readonly details: readonly string[]

  constructor(code: ErrorCode, message: string, { hint, exitCode, details, cause }: ErrorDetails = {}) {
    super(message, cause === undefined ? undefined : { cause })
    this.name = 'PlimsollError'
    this.code = code
    this.hint = hint
    this.exitCode = exitCode ?? exitCodes.usage
    this.details = details ?? []
  }
}
