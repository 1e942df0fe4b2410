import { type Millis, seconds } from '../../base/units.ts'
import { parseDuration } from '../../plan/duration.ts'
import { endpointName } from '../../plan/endpoint-name.ts'
import type { ReadRate, ReconnectOptions } from '../../plan/sockets.ts'
import type { ReconnectSettings } from '../../protocols/socketio/types.ts'
import { parseReadRate } from './read-throttle.ts'

/** What the official Socket.IO client does when not told otherwise. */
const official = { delay: '1s', maxDelay: '5s', jitter: 0.5, attempts: Number.POSITIVE_INFINITY } as const

/** How long a socket waits for an answer or a message that the plan gives no time for. */
export const ANSWER_TIMEOUT = seconds(10)

/** @throws {TypeError} for a text that is no time */
export function readTime(what: string, value: string | number | undefined, fallback: Millis): Millis {
  if (value === undefined) return fallback
  const read = parseDuration(value)
  if (read === undefined)
    throw new TypeError(`${what}: ${JSON.stringify(value)} is no time: write '250ms', '1s' or '2m'`)
  return read
}

/** @throws {TypeError} for a text that is no time */
export function readReconnect(
  value: boolean | ReconnectOptions | undefined,
  fallback: boolean,
): ReconnectSettings | undefined {
  const chosen = value ?? fallback
  if (chosen === false) return undefined
  const options = chosen === true ? {} : chosen
  return {
    delay: readTime('reconnect.delay', options.delay ?? official.delay, seconds(1)),
    maxDelay: readTime('reconnect.maxDelay', options.maxDelay ?? official.maxDelay, seconds(5)),
    jitter: options.jitter ?? official.jitter,
    attempts: options.attempts ?? official.attempts,
  }
}

/** Bytes per millisecond. @throws {TypeError} for a text that is no rate */
export function readRate(value: ReadRate | undefined): number | undefined {
  if (value === undefined) return undefined
  const read = parseReadRate(value)
  if (read === undefined) throw new TypeError(`read: ${JSON.stringify(value)} is no rate: write '10KB/s' or 'paused'`)
  return read
}

/** The name of a socket in reports: its path, ids written `:id`. */
export function socketName(url: string): string {
  const [, path = '/'] = endpointName('GET', url.replace(/^ws/, 'http')).split(' ')
  return path
}
