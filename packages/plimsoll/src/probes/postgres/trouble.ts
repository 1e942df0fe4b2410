import { PlimsollError } from '../../base/errors.ts'

/** A failure of the connection to Postgres as a sentence; `where` must hold no password. */
export function postgresTrouble(error: unknown, where: string): PlimsollError {
  if (error instanceof PlimsollError) return error
  const [what, hint] = sentences[codeOf(error)] ?? [messageOf(error), 'See the log of Postgres.']
  return new PlimsollError('PROBE_FAILED', `the postgres probe cannot watch ${where}: ${what}`, { hint, cause: error })
}

const checkUrl = 'Check the URL in `probes.postgres`.'
const sentences: Readonly<Record<string, readonly [what: string, hint: string]>> = {
  ECONNREFUSED: ['connection refused', 'Start Postgres, or correct the URL in `probes.postgres`.'],
  ENOENT: ['there is no such socket', 'Start Postgres, or correct the URL in `probes.postgres`.'],
  ENOTFOUND: ['the host is not known', checkUrl],
  ETIMEDOUT: ['it does not answer', checkUrl],
  ECONNRESET: ['the connection was lost', 'See the log of Postgres.'],
  '28P01': ['wrong password', checkUrl],
  '28000': ['it does not let this role in', 'Allow the role in pg_hba.conf, or use another one.'],
  '3D000': ['there is no such database', checkUrl],
  '42501': ['the role lacks a right', 'GRANT pg_monitor to the role.'],
  '53300': ['it has no connection left', 'Raise max_connections, or lower the pool of the system.'],
  '57014': ['it took longer than a second to describe itself', 'It is overloaded: see what its other figures say.'],
  '57P01': ['it is shutting down', 'See the log of Postgres.'],
  '57P03': ['it is starting up', 'Wait until it is ready.'],
}

function codeOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (typeof code === 'string') return code
  if (/terminated unexpectedly|not queryable|client was closed/i.test(messageOf(error))) return 'ECONNRESET'
  return /timeout/i.test(messageOf(error)) ? 'ETIMEDOUT' : ''
}

/** `localhost` is tried over IPv6 and IPv4, and the failure of both is an AggregateError without a message. */
function messageOf(error: unknown): string {
  if (error instanceof AggregateError) return messageOf(error.errors[0])
  return error instanceof Error ? error.message : String(error)
}
