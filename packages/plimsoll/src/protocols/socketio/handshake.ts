import { type Millis, millis } from '../../base/units.ts'
import { TransportError } from '../http/exchange.ts'

/** What the server says when an Engine.IO session begins. */
export interface Handshake {
  readonly sid: string
  readonly canUpgrade: boolean
  /** The server pings at least this often, and is given up after it. */
  readonly patience: Millis
  /** Octets of one request's body that the server takes. */
  readonly maxPayload: number
}

const DAY = 86_400_000

/** @throws {TransportError} ENGINE_HANDSHAKE */
export function readHandshake(data: string | undefined): Handshake {
  let said: unknown
  try {
    said = JSON.parse(data ?? '')
  } catch (error) {
    throw refused('is no JSON', data, error)
  }
  if (typeof said !== 'object' || said === null) throw refused('is no object', data)
  const { sid, upgrades, pingInterval, pingTimeout, maxPayload } = said as Record<string, unknown>
  if (typeof sid !== 'string' || sid === '') throw refused('has no sid', data)
  if (!isPeriod(pingInterval) || !isPeriod(pingTimeout)) throw refused('has no usable ping interval and timeout', data)
  return {
    sid,
    canUpgrade: Array.isArray(upgrades) && upgrades.includes('websocket'),
    patience: millis(pingInterval + pingTimeout),
    maxPayload: typeof maxPayload === 'number' && maxPayload > 0 ? maxPayload : Number.POSITIVE_INFINITY,
  }
}

const isPeriod = (value: unknown): value is number => typeof value === 'number' && value > 0 && value <= DAY

function refused(what: string, data: string | undefined, cause?: unknown): TransportError {
  const begin = JSON.stringify((data ?? '').slice(0, 80))
  return new TransportError('ENGINE_HANDSHAKE', `the server's Engine.IO handshake ${what}: ${begin}`, cause)
}
