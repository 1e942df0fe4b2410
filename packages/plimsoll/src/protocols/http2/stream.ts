import {
  type ClientHttp2Session,
  type ClientHttp2Stream,
  constants,
  type IncomingHttpHeaders,
  type OutgoingHttpHeaders,
} from 'node:http2'
import { type Millis, millis } from '../../base/units.ts'
import type { HeaderPairs } from '../http/answer.ts'
import type { Route } from '../http/dial.ts'
import { TransportError } from '../http/exchange.ts'
import { exchangeFailure } from '../http/failure.ts'
import type { Carrier, Hop } from '../http/hop.ts'
import { consumerFailure, Intake } from '../http/intake.ts'
import { writeBody } from './write-body.ts'

/** Fields of HTTP/1.1 connections; in HTTP/2 they are malformed (RFC 9113 §8.2.2). */
const hopByHop: ReadonlySet<string> = new Set(['connection', 'host', 'keep-alive', 'proxy-connection', 'upgrade', 'te'])

/**
 * One exchange on an HTTP/2 connection. Bytes are counted as what the exchange itself consists of: bodies, and header
 * fields before compression; frames and the connection's own talk belong to nobody.
 */
export class Stream implements Carrier {
  readonly session: ClientHttp2Session
  readonly #hop: Hop
  readonly #route: Route
  readonly #left: () => void
  #stream: ClientHttp2Stream | undefined
  #over = false
  readonly #intake: Intake
  constructor(hop: Hop, session: ClientHttp2Session, route: Route, left: () => void) {
    this.#hop = hop
    this.session = session
    this.#route = route
    this.#left = left
    this.#intake = new Intake(route.settings, (hold) => this.#hold(hold))
  }

  send(now: Millis): void {
    const hop = this.#hop
    hop.carrier = this
    hop.slot.sendStart = now
    const headers = this.#requestHeaders()
    let stream: ClientHttp2Stream
    try {
      stream = this.session.request(headers, { endStream: hop.body === undefined })
    } catch (error) {
      this.fail(exchangeFailure(error))
      return
    }
    this.#stream = stream
    stream.on('headers', (_headers, _flags) => this.#interim())
    stream.on('continue', () => {
      if (hop.awaitingContinue) this.continueAnyway(hop)
    })
    stream.on('response', (answered, _flags) => this.#responded(answered))
    stream.on('data', (piece: Buffer) => this.#received(piece))
    stream.on('end', () => this.#ended())
    stream.on('error', (error) => this.fail(exchangeFailure(error)))
    stream.on('close', () => this.#closed(stream))
    if (hop.body === undefined) hop.sent(this.#route.shared.now())
    else if (hop.expectsContinue) hop.awaitContinue(now)
    else this.#sendBody(stream)
  }

  continueAnyway(hop: Hop): void {
    hop.awaitingContinue = false
    hop.slot.expires = hop.slot.totalBy
    if (this.#stream !== undefined) this.#sendBody(this.#stream)
  }

  drop(): void {
    this.#leave()
  }

  fail(error: TransportError): void {
    if (this.#over) return
    this.#leave()
    this.#hop.fail(error)
  }

  #requestHeaders(): OutgoingHttpHeaders {
    const { target, slot } = this.#hop
    const fields = this.#hop.fields()
    const headers: OutgoingHttpHeaders = {
      [constants.HTTP2_HEADER_METHOD]: target.method,
      [constants.HTTP2_HEADER_SCHEME]: target.origin.secure ? 'https' : 'http',
      [constants.HTTP2_HEADER_AUTHORITY]: fields.get('host') ?? target.origin.authority,
      [constants.HTTP2_HEADER_PATH]: target.path,
    }
    slot.bytesSent += target.method.length + target.path.length
    for (const [name, value] of fields) {
      if (hopByHop.has(name)) continue
      headers[name] = value
      slot.bytesSent += name.length + value.length
    }
    return headers
  }

  #sendBody(stream: ClientHttp2Stream): void {
    const hop = this.#hop
    if (hop.body === undefined) return
    const over = () => this.#over
    const count = (bytes: number) => {
      if (!this.#over) hop.slot.bytesSent += bytes
    }
    writeBody(stream, hop.body, over, count).then(
      () => {
        if (!this.#over) hop.sent(this.#route.shared.now())
      },
      (error: unknown) => this.fail(exchangeFailure(error)),
    )
  }

  #interim(): void {
    if (!this.#over) this.#hop.slot.firstByte = millis(0)
  }

  #responded(answered: IncomingHttpHeaders): void {
    if (this.#over) return
    const hop = this.#hop
    const { slot } = hop
    slot.firstByte = this.#route.shared.now()
    hop.awaitingContinue = false
    const pairs = pairsOf(answered)
    for (const [name, value] of pairs) slot.bytesReceived += name.length + value.length
    hop.setsCookie = answered['set-cookie'] !== undefined
    hop.hasLocation = answered.location !== undefined
    const status = Number(answered[constants.HTTP2_HEADER_STATUS])
    const encoded = answered['content-encoding'] !== undefined
    this.#attempt(() => {
      this.#intake.begin(hop, status, encoded, announcedLength(answered, hop), pairs)
      this.#intake.startConsumer(hop, (error) => {
        if (!this.#over) this.fail(consumerFailure(hop, error))
      })
    })
  }

  #received(piece: Buffer): void {
    if (this.#over) return
    this.#hop.slot.bytesReceived += piece.length
    this.#attempt(() => this.#intake.add(piece, 0, piece.length))
  }

  #attempt(step: () => void): void {
    try {
      step()
    } catch (error) {
      this.fail(exchangeFailure(error))
    }
  }

  #hold(hold: boolean): void {
    if (hold) this.#stream?.pause()
    else this.#stream?.resume()
  }

  #ended(): void {
    if (this.#over || this.#hop.slot.firstByte === 0 || this.#stream?.rstCode !== constants.NGHTTP2_NO_ERROR) return
    this.#hop.slot.end = this.#route.shared.now()
    const taken = this.#intake.end()
    if (taken === undefined) this.#finish()
    else
      taken.then(
        () => this.#finish(),
        () => {},
      )
  }

  #closed(stream: ClientHttp2Stream): void {
    if (this.#over || this.#hop.slot.end > 0) return
    const { rstCode } = stream
    this.fail(
      rstCode === constants.NGHTTP2_NO_ERROR
        ? new TransportError('CONNECTION_CLOSED', 'the stream ended before the answer did')
        : new TransportError('STREAM_RESET', `the server reset the stream (HTTP/2 error ${rstCode})`),
    )
  }

  #finish(): void {
    if (this.#over) return
    const hop = this.#hop
    const answer = this.#intake.answer()
    this.#leave()
    this.#route.shared.answers.add(hop, answer)
  }

  #leave(): void {
    if (this.#over) return
    this.#over = true
    this.#intake.cancel()
    if (this.#stream !== undefined && !this.#stream.closed) this.#stream.close(constants.NGHTTP2_CANCEL)
    this.#left()
  }
}

/** -1 when it is not announced. */
function announcedLength(headers: IncomingHttpHeaders, hop: Hop): number {
  const { 'content-length': length } = headers
  return hop.target.method === 'HEAD' ? 0 : length === undefined ? -1 : Number(length)
}

function pairsOf(headers: IncomingHttpHeaders): HeaderPairs {
  const pairs: [string, string][] = []
  for (const [name, value] of Object.entries(headers)) {
    if (name.startsWith(':') || value === undefined) continue
    for (const one of Array.isArray(value) ? value : [value]) pairs.push([name, one])
  }
  return pairs
}
