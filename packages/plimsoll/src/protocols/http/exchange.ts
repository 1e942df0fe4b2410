import type { Millis } from '../../base/units.ts'

/**
 * The numbered error families of all protocols, stable in reports. Numbers leave room within each hundred.
 * 10xx before a connection, 11xx TLS, 12xx the exchange broke, 13xx time ran out, 14xx the answer is not HTTP,
 * 15xx limits, 16xx refused by Plimsoll itself, 18xx WebSocket, 19xx Socket.IO and event streams, 4xx/5xx the status.
 */
export const errorNumbers = {
  DNS_FAILED: 1000,
  CONNECT_REFUSED: 1010,
  CONNECT_UNREACHABLE: 1011,
  CONNECT_FAILED: 1012,
  NO_LOCAL_PORT: 1020,
  NO_FILE_DESCRIPTOR: 1021,
  TLS_FAILED: 1100,
  TLS_UNTRUSTED: 1101,
  CONNECTION_RESET: 1200,
  CONNECTION_CLOSED: 1201,
  STREAM_RESET: 1210,
  TIMEOUT_CONNECT: 1300,
  TIMEOUT_FIRST_BYTE: 1301,
  TIMEOUT_TOTAL: 1302,
  MALFORMED_STATUS_LINE: 1400,
  MALFORMED_HEADER: 1401,
  MALFORMED_LENGTH: 1402,
  MALFORMED_CHUNK: 1403,
  MALFORMED_ENCODING: 1404,
  UNEXPECTED_DATA: 1405,
  HEADERS_TOO_LARGE: 1500,
  BODY_TOO_LARGE: 1501,
  TOO_MANY_REDIRECTS: 1600,
  HOST_NOT_ALLOWED: 1601,
  BAD_REQUEST: 1602,
  REQUEST_BODY_FAILED: 1603,
  ABORTED: 1700,
  WEBSOCKET_REFUSED: 1800,
  WEBSOCKET_HANDSHAKE: 1801,
  MALFORMED_FRAME: 1810,
  MALFORMED_UTF8: 1811,
  MALFORMED_DEFLATE: 1812,
  MESSAGE_UNREADABLE: 1813,
  MESSAGE_TOO_LARGE: 1820,
  TOO_MANY_FRAGMENTS: 1821,
  CONTROL_FLOOD: 1822,
  SOCKET_CLOSED: 1830,
  TIMEOUT_CLOSE: 1831,
  TIMEOUT_ANSWER: 1832,
  TIMEOUT_MESSAGE: 1833,
  ENGINE_HANDSHAKE: 1900,
  SOCKETIO_REFUSED: 1901,
  MALFORMED_PACKET: 1910,
  TOO_MANY_ATTACHMENTS: 1911,
  UNKNOWN_ACK: 1912,
  UNKNOWN_NAMESPACE: 1913,
  TIMEOUT_HEARTBEAT: 1920,
  TIMEOUT_ACK: 1921,
  MALFORMED_EVENT_STREAM: 1950,
  EVENT_STREAM_REFUSED: 1951,
} as const
export type TransportErrorCode = keyof typeof errorNumbers

/** Why an exchange broke; `HTTP_404`-like codes are made from the status by whoever judges success. */
export class TransportError extends Error {
  readonly code: TransportErrorCode
  constructor(code: TransportErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.name = 'TransportError'
    this.code = code
  }
}

/**
 * The instants of one exchange (one hop: a redirect makes two), on the monotonic clock, 0 where a phase did not
 * happen. The slot is reused: copy what must outlive the callback.
 */
export interface Exchange {
  method: string
  /** Absolute URL of this hop. */
  url: string
  /** When the client was asked for this exchange. */
  askedAt: Millis
  /** A connection was ready, or began to be made for this exchange. */
  assignedAt: Millis
  connectStart: Millis
  connectEnd: Millis
  tlsEnd: Millis
  sendStart: Millis
  sendEnd: Millis
  firstByte: Millis
  end: Millis
  status: number
  error: TransportError | undefined
  bytesSent: number
  bytesReceived: number
}
