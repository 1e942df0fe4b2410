import { constants, deflateRawSync } from 'node:zlib'
import { TransportError } from '../http/exchange.ts'

/** What browsers offer: everything is left to the server. */
export const DEFLATE_OFFER = 'permessage-deflate; client_max_window_bits'

/** What the server agreed to (RFC 7692 §7.1). */
export interface DeflateTerms {
  /** How many octets of its earlier messages the server may refer to. */
  readonly serverWindow: number
  readonly clientWindowBits: number
}

const MAX_BITS = 15
/** zlib cannot compress with a smaller window. */
const MIN_ZLIB_BITS = 9
const TAIL_LENGTH = 4

/**
 * Reads the extensions of a server's answer, which have to be the offered one, once, with terms that an answer may have.
 * @throws {TransportError} WEBSOCKET_HANDSHAKE
 */
export function readDeflateTerms(extensions: string): DeflateTerms {
  const [name = '', ...parameters] = extensions.split(';').map((part) => part.trim())
  if (name !== 'permessage-deflate') throw refused(extensions)
  const terms = new Map<string, string>()
  for (const parameter of parameters) {
    const [key = '', value = ''] = parameter.split('=').map((part) => part.trim().replace(/^"(.*)"$/, '$1'))
    const isKnown = key.endsWith('_max_window_bits') ? /^([89]|1[0-5])$/.test(value) : value === ''
    if (!known.has(key) || !isKnown || terms.has(key)) throw refused(extensions)
    terms.set(key, value)
  }
  const serverBits = Number(terms.get('server_max_window_bits') ?? MAX_BITS)
  return {
    serverWindow: terms.has('server_no_context_takeover') ? 0 : 2 ** serverBits,
    clientWindowBits: Number(terms.get('client_max_window_bits') ?? MAX_BITS),
  }
}

/**
 * One message, compressed by itself: whether the server keeps its window or not, it understands that, and a compressor
 * that remembers takes 225 KB for each connection (measured). Undefined when it would not become shorter.
 */
export function deflateMessage(message: string | Uint8Array, windowBits: number): Buffer | undefined {
  if (windowBits < MIN_ZLIB_BITS) return undefined
  const compressed = deflateRawSync(message, { windowBits, finishFlush: constants.Z_SYNC_FLUSH })
  const length = compressed.length - TAIL_LENGTH
  return length < Buffer.byteLength(message) ? compressed.subarray(0, length) : undefined
}

const known: ReadonlySet<string> = new Set([
  'server_no_context_takeover',
  'client_no_context_takeover',
  'server_max_window_bits',
  'client_max_window_bits',
])

const refused = (extensions: string) =>
  new TransportError('WEBSOCKET_HANDSHAKE', `the server uses an extension that was not offered so: ${extensions}`)
