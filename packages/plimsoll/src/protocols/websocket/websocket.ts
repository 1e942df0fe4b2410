import type { Dialer } from '../http/dialer.ts'
import { Connection } from './connection.ts'
import type { WebSocketConnection, WebSocketListener, WebSocketSettings } from './types.ts'

export type { Dialer }

/**
 * Opens one WebSocket (RFC 6455) and tells the listener of all that happens to it, from the next turn on: what is wrong
 * with the URL or the settings is told by `closed` too (BAD_REQUEST, HOST_NOT_ALLOWED). Redirects are not followed.
 * @param url `ws:`, `wss:`, `http:`, `https:`, or relative to the dialer's base
 */
export function connectWebSocket(
  dialer: Dialer,
  url: string,
  settings: WebSocketSettings,
  listener: WebSocketListener,
): WebSocketConnection {
  const connection = new Connection(dialer, settings, listener)
  connection.open(url)
  return connection
}
