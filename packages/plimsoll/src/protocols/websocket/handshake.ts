import { createHash } from 'node:crypto'
import type { AnswerHeaders } from '../http/answer.ts'
import { TransportError } from '../http/exchange.ts'
import { fieldLines, isToken, readFields } from '../http/fields.ts'
import type { Target, Targets } from '../http/target.ts'
import { DEFLATE_OFFER, type DeflateTerms, readDeflateTerms } from './deflate.ts'
import type { WebSocketSettings } from './types.ts'

/** What both sides agreed on. */
export interface Agreement {
  /** Empty when there is none. */
  readonly subprotocol: string
  readonly deflate: DeflateTerms | undefined
}

const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11'
/** A plan that sets these would break its own handshake. */
const own: ReadonlySet<string> = new Set([
  'connection',
  'upgrade',
  'sec-websocket-accept',
  'sec-websocket-extensions',
  'sec-websocket-key',
  'sec-websocket-protocol',
  'sec-websocket-version',
])

/**
 * The request that opens a WebSocket (RFC 6455 §4.1).
 * @throws {TransportError} BAD_REQUEST for header fields and subprotocols that cannot be sent
 */
export function handshakeRequest(
  targets: Targets,
  target: Target,
  settings: WebSocketSettings,
  cookie: string,
  key: string,
): string {
  const fields = new Map([['host', target.origin.authority], ...targets.common])
  if (target.authorization !== undefined) fields.set('authorization', target.authorization)
  for (const [name, value] of readFields(settings.headers)) {
    if (own.has(name)) throw badRequest(`header ${name} is the handshake's own and cannot be given`)
    fields.set(name, value)
  }
  if (cookie !== '') fields.set('cookie', fields.has('cookie') ? `${fields.get('cookie')}; ${cookie}` : cookie)
  fields.set('connection', 'Upgrade')
  fields.set('upgrade', 'websocket')
  fields.set('sec-websocket-version', '13')
  fields.set('sec-websocket-key', key)
  const { subprotocols } = settings
  if (!subprotocols.every(isToken) || new Set(subprotocols).size < subprotocols.length) {
    throw badRequest(`subprotocols are different words: ${JSON.stringify(subprotocols)}`)
  }
  if (subprotocols.length > 0) fields.set('sec-websocket-protocol', subprotocols.join(', '))
  if (settings.deflate) fields.set('sec-websocket-extensions', DEFLATE_OFFER)
  return `GET ${target.path} HTTP/1.1\r\n${fieldLines(fields)}\r\n`
}

/**
 * Checks a server's consent (RFC 6455 §4.1, the second list; a missing subprotocol as browsers do: WHATWG WebSockets,
 * "establish a WebSocket connection").
 * @throws {TransportError} WEBSOCKET_HANDSHAKE
 */
export function readAgreement(headers: AnswerHeaders, settings: WebSocketSettings, key: string): Agreement {
  const upgrade = headers.get('upgrade')
  if (upgrade?.toLowerCase() !== 'websocket') throw refused(`upgrade is ${shown(upgrade)}, not websocket`)
  const connection = headers.get('connection')
  const options = connection?.toLowerCase().split(',') ?? []
  if (!options.some((option) => option.trim() === 'upgrade')) throw refused(`connection is ${shown(connection)}`)
  if (headers.get('sec-websocket-accept') !== acceptOf(key)) {
    throw refused(`sec-websocket-accept is ${shown(headers.get('sec-websocket-accept'))}, not what the key makes`)
  }
  const subprotocol = headers.get('sec-websocket-protocol')
  if (subprotocol === undefined ? settings.subprotocols.length > 0 : !settings.subprotocols.includes(subprotocol)) {
    throw refused(`the subprotocol is ${shown(subprotocol)}, not one of ${JSON.stringify(settings.subprotocols)}`)
  }
  const extensions = headers.get('sec-websocket-extensions')
  if (extensions !== undefined && !settings.deflate) throw refused(`there are extensions: ${shown(extensions)}`)
  return {
    subprotocol: subprotocol ?? '',
    deflate: extensions === undefined ? undefined : readDeflateTerms(extensions),
  }
}

/** What proves that the server has read the key (RFC 6455 §4.2.2). */
export const acceptOf = (key: string): string =>
  createHash('sha1')
    .update(key + GUID)
    .digest('base64')

const shown = (value: string | undefined) => (value === undefined ? 'missing' : JSON.stringify(value.slice(0, 80)))

const badRequest = (message: string) => new TransportError('BAD_REQUEST', message)
const refused = (what: string) =>
  new TransportError('WEBSOCKET_HANDSHAKE', `the server's handshake does not fit: ${what}`)
