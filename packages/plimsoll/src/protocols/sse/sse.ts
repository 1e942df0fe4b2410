import type { Dialer } from '../http/dialer.ts'
import { EventStream } from './event-stream.ts'
import type { EventStreamConnection, EventStreamListener, EventStreamSettings } from './types.ts'

/**
 * Opens one stream of server-sent events and tells the listener of all that happens to it, from the next turn on.
 * @param url absolute, or relative to the dialer's base
 * @throws {TransportError} BAD_REQUEST when the client's settings hold headers that cannot be sent
 */
export function connectEventStream(
  dialer: Dialer,
  url: string,
  settings: EventStreamSettings,
  listener: EventStreamListener,
): EventStreamConnection {
  const stream = new EventStream(dialer, url, settings, listener)
  stream.connect()
  return stream
}
