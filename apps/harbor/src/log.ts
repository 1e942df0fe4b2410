import { type Logger, pino, stdSerializers } from 'pino'
import type { LogLevel } from './environment.ts'

/** JSON lines to stdout. */
export function createLog(level: LogLevel): Logger {
  return pino({ level, serializers: { err: describeError } })
}

/** Errors of pg carry the whole connection with them, which says nothing and fills a page. */
function describeError(error: Error) {
  const { type, message, stack } = stdSerializers.err(error)
  return { type, message, ...('code' in error && { code: error.code }), stack }
}
