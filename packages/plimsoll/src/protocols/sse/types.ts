import type { Millis } from '../../base/units.ts'
import type { TransportError } from '../http/exchange.ts'

/** How one stream is opened. Everything has its default filled in. */
export interface EventStreamSettings {
  /** Sent with every attempt, besides the client's own and its cookies. */
  readonly headers: Readonly<Record<string, string>>
  /** Where to begin; empty for the server's own choice. */
  readonly lastEventId: string
  /** From an attempt's begin to the head of its answer. */
  readonly connectTimeout: Millis
  /** Come back by itself when a stream ends or breaks, as browsers do. */
  readonly reconnect: boolean
}

/** One event of a stream (WHATWG HTML §9.2). */
export interface ServerSentEvent {
  /** `message` when the stream names none. */
  readonly type: string
  readonly data: string
  /** The stream's last id so far; empty before the first. */
  readonly lastEventId: string
}

export interface EventStreamListener {
  /** The server has answered with a stream; again after every return. */
  opened(askedAt: Millis, openAt: Millis): void
  event(event: ServerSentEvent, at: Millis): void
  /**
   * The stream ended, broke or was cut, or an attempt failed; the next attempt follows after `retryIn`, with
   * `Last-Event-ID`. Undefined: it is over. That is so after an answer that is no stream (EVENT_STREAM_REFUSED for its
   * status, MALFORMED_EVENT_STREAM for its type; 204 is no error), as WHATWG HTML §9.2.3 has it, after events beyond the
   * client's `maxBody` (MESSAGE_TOO_LARGE), and after requests that cannot be made.
   */
  disconnected(error: TransportError | undefined, retryIn: Millis | undefined): void
}

export interface EventStreamConnection {
  /** `waiting` is the time between a loss and the next attempt. */
  readonly state: 'connecting' | 'open' | 'waiting' | 'closed'
  readonly lastEventId: string
  /** For good; nothing is told of it, or after it. */
  close(): void
  /**
   * Drops the TCP connection, and tells so before it returns; the next attempt follows after `offline`, or the stream's own
   * retry time when undefined. While it is waiting, only `offline` counts, anew.
   */
  cut(offline: Millis | undefined): void
  /** Stops reading, on this connection and those after it, until `resume`; what has been read is still told of. */
  pause(): void
  resume(): void
}
