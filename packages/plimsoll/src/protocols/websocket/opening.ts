import { randomBytes } from 'node:crypto'
import type { Socket } from 'node:net'
import { type Millis, millis } from '../../base/units.ts'
import { ReceivedAnswer } from '../http/answer.ts'
import type { Expiring } from '../http/deadlines.ts'
import { Dial, type DialListener } from '../http/dial.ts'
import type { Dialer } from '../http/dialer.ts'
import { TransportError } from '../http/exchange.ts'
import { grown } from '../http/grown.ts'
import type { Target } from '../http/target.ts'
import { ResponseHead } from '../http1/head.ts'
import { type Agreement, handshakeRequest, readAgreement } from './handshake.ts'
import type { HandshakeTimes, WebSocketSettings } from './types.ts'

/** Whose handshake it is. */
export interface OpeningOwner {
  /** One read's octets. */
  received(count: number, bytes: Uint8Array): boolean
  /** There is a connection; listen to it. */
  reached(socket: Socket): void
  failed(error: TransportError): void
}

/** Interim answers before the final one; more are an attack or a fault. */
const MAX_INTERIM = 32
/** For clients without a base URL: an absolute URL does not look at it. */
const NO_BASE = 'http://localhost'
const never = millis(0)
const nothing = Buffer.alloc(0)

/** The time from the call to an open WebSocket: dialing, the request, the server's answer. Let go of afterwards. */
export class Opening implements DialListener, Expiring {
  position = -1
  readonly expires: Millis
  agreement: Agreement | undefined
  readonly #dialer: Dialer
  readonly #target: Target
  readonly #settings: WebSocketSettings
  readonly #owner: OpeningOwner
  readonly #dial: Dial
  readonly #request: string
  readonly #key = randomBytes(16).toString('base64')
  readonly #askedAt: Millis
  readonly #head = new ResponseHead()
  #gathered: Buffer = nothing
  #length = 0
  /** Of the answer at hand, after interim ones. */
  #headStart = 0
  #lineStart = 0
  #interim = 0
  #connectEnd = never
  #tlsEnd = never

  /** @throws {TransportError} BAD_REQUEST, HOST_NOT_ALLOWED */
  constructor(dialer: Dialer, url: string, settings: WebSocketSettings, owner: OpeningOwner) {
    const { shared, localAddress, cookies, baseUrl = NO_BASE } = dialer
    this.#dialer = dialer
    this.#settings = settings
    this.#owner = owner
    this.#askedAt = shared.now()
    this.expires = millis(this.#askedAt + settings.connectTimeout)
    const targets = shared.targets(dialer.settings, baseUrl)
    const target = targets.find('GET', url.replace(/^ws(s?):/i, 'http$1:'))
    this.#target = target
    const { origin } = target
    if (!origin.allowed) {
      throw new TransportError('HOST_NOT_ALLOWED', `${origin.hostname} is not among the hosts that the plan allows`)
    }
    const cookie = dialer.settings.cookies ? (cookies?.headerFor(target.url) ?? '') : ''
    this.#request = handshakeRequest(targets, target, settings, cookie, this.#key)
    const route = { shared, origin, settings: dialer.settings, localAddress, session: undefined }
    const onread = shared.onread((count, bytes) => owner.received(count, bytes))
    this.#dial = new Dial(route, origin.secure ? ['http/1.1'] : [], onread, this)
  }

  start(): void {
    this.#dialer.shared.deadlines.add(this)
    this.#dial.start()
  }

  /** It is over, one way or the other. */
  end(): void {
    this.#dialer.shared.deadlines.remove(this)
  }

  cancel(): void {
    this.end()
    this.#dial.cancel()
  }

  times(openAt: Millis): HandshakeTimes {
    return { askedAt: this.#askedAt, connectEnd: this.#connectEnd, tlsEnd: this.#tlsEnd, openAt }
  }

  expire(): void {
    const { connectTimeout } = this.#settings
    const what = this.#connectEnd > 0 ? 'the server did not answer the handshake' : 'no connection'
    this.#owner.failed(new TransportError('TIMEOUT_CONNECT', `${what} within ${connectTimeout} ms`))
  }

  tcpConnected(now: Millis): void {
    this.#connectEnd = now
  }

  connected(socket: Socket, now: Millis): void {
    if (this.#target.origin.secure) this.#tlsEnd = now
    this.#owner.reached(socket)
    socket.write(this.#request, 'latin1')
  }

  dialFailed(error: TransportError): void {
    this.#owner.failed(error)
  }

  /**
   * Reads the server's answer; returns where the frames begin, or -1 when it has not arrived in full. `agreement` then
   * says what it is.
   * @throws {TransportError} MALFORMED_…, HEADERS_TOO_LARGE, WEBSOCKET_REFUSED, WEBSOCKET_HANDSHAKE
   */
  read(bytes: Buffer, count: number): number {
    const before = this.#length
    this.#gathered = grown(this.#gathered, before, count, Number.POSITIVE_INFINITY)
    bytes.copy(this.#gathered, before, 0, count)
    this.#length += count
    const head = this.#head
    for (;;) {
      this.#lineStart = head.readLines(this.#gathered, this.#lineStart, this.#length)
      const { maxHeaders } = this.#dialer.settings
      if ((head.end < 0 ? this.#length : head.end) > maxHeaders) {
        throw new TransportError('HEADERS_TOO_LARGE', `the answer's head is longer than ${maxHeaders} B`)
      }
      if (head.end < 0) return -1
      if (head.status >= 200 || head.status === 101) break
      if (++this.#interim > MAX_INTERIM) {
        throw new TransportError('HEADERS_TOO_LARGE', `more than ${MAX_INTERIM} interim responses`)
      }
      this.#headStart = head.end
      head.reset()
    }
    this.#answered(this.#gathered.toString('latin1', this.#headStart, head.end))
    return head.end - before
  }

  #answered(text: string): void {
    const { status, setsCookie, minorVersion } = this.#head
    const { url } = this.#target
    const { headers } = new ReceivedAnswer(status, url, undefined, text, text.length, text.length, 0, 0)
    if (setsCookie && this.#dialer.settings.cookies) this.#dialer.cookies?.store(headers.getAll('set-cookie'), url)
    if (status !== 101) {
      const [line = ''] = text.split('\r\n', 1)
      throw new TransportError('WEBSOCKET_REFUSED', `the server answered ${line.slice(9, 100)}`)
    }
    if (minorVersion === 0) throw new TransportError('WEBSOCKET_HANDSHAKE', 'the server switched protocols in HTTP/1.0')
    this.agreement = readAgreement(headers, this.#settings, this.#key)
  }
}
