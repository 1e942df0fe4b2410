import pg from 'pg'
import { BreakerOpen } from '../resilience/circuit-breaker.ts'
import { NotPrimary } from './primary.ts'

/**
 * SQLSTATE classes and codes that say "not now" rather than "not like this".
 * https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
const passing = [
  '08', // connection exceptions
  '53', // insufficient resources: too many connections, disk full, out of memory
  '57', // operator intervention: shutdown, crash, starting up, statement timeout
  '58', // system error
  '25006', // read-only: a standby, or a primary that was demoted
  '40001', // serialization failure
  '40P01', // deadlock
  '55P03', // lock not available in time
]

const networkCodes = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ENOENT', // a Unix socket that is gone
])

/** What pg says, without a code, when a connection is lost or slow. */
const driverMessages =
  /connection terminated|connection ended|timeout exceeded|query read timeout|not queryable|timeout expired|connection error/i

/** True when Postgres could not be reached or could not serve just now: the same request may succeed later. */
export function isUnavailable(error: unknown): boolean {
  if (error instanceof pg.DatabaseError) return passing.some((code) => error.code?.startsWith(code))
  if (error instanceof BreakerOpen || error instanceof NotPrimary) return true
  if (error instanceof AggregateError) return error.errors.some(isUnavailable)
  if (!(error instanceof Error)) return false
  if ('code' in error && typeof error.code === 'string' && 'syscall' in error) return networkCodes.has(error.code)
  return driverMessages.test(error.message)
}
