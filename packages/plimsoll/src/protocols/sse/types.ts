import type { Millis } from '../../base/units.ts'
import type { TransportError } from '../http/exchange.ts'

/** One event of a stream (WHATWG HTML §9.2). */
export interface ServerSentEvent {
  /** `message` when the stream names none. */
  readonly type: string
  readonly data: string
  /** The stream's last id so far; empty before the first. */
  readonly lastEventId: string
}

export interface EventStreamListener {
  opened(askedAt: Millis, openAt: Millis): void
  event(event: ServerSentEvent, at: Millis): void
  /** The stream ended or broke; `retryIn` when it reconnects by itself, with `Last-Event-ID`. */
  disconnected(error: TransportError | undefined, retryIn: Millis | undefined): void
}

export interface EventStreamConnection {
  readonly state: 'connecting' | 'open' | 'waiting' | 'closed'
  readonly lastEventId: string
  close(): void
  /** Drops the TCP connection; reconnects after `offline`. */
  cut(offline: Millis | undefined): void
}
