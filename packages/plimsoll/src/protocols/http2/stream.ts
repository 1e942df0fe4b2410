import {
  type ClientHttp2Session,
  type ClientHttp2Stream,
  constants,
  type IncomingHttpHeaders,
  type OutgoingHttpHeaders,
} from 'node:http2'
import { type Millis, millis } from '../../base/units.ts'
import { type HeaderPairs, ReceivedAnswer } from '../http/answer.ts'
import { BodyConsumer } from '../http/consumer.ts'
import type { Route } from '../http/dial.ts'
import { TransportError } from '../http/exchange.ts'
import { exchangeFailure } from '../http/failure.ts'
import { grown } from '../http/grown.ts'
import type { Carrier, Hop } from '../http/hop.ts'
import { writeBody } from './write-body.ts'

/** Fields of HTTP/1.1 connections; in HTTP/2 they are malformed (RFC 9113 §8.2.2). */
const hopByHop: ReadonlySet<string> = new Set(['connection', 'host', 'keep-alive', 'proxy-connection', 'upgrade', 'te'])

const nothing = Buffer.alloc(0)

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
  #status = 0
  #pairs: HeaderPairs = []
  #encoded = false
  #kept: Buffer = nothing
  #keptLength = 0
  #wireLength = 0
  #keeps = true
  #consumer: BodyConsumer | undefined

  constructor(hop: Hop, session: ClientHttp2Session, route: Route, left: () => void) {
    this.#hop = hop
    this.session = session
    this.#route = route
    this.#left = left
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
    const { settings, shared } = this.#route
    slot.firstByte = shared.now()
    hop.awaitingContinue = false
    this.#status = Number(answered[constants.HTTP2_HEADER_STATUS])
    this.#pairs = pairsOf(answered)
    for (const [name, value] of this.#pairs) slot.bytesReceived += name.length + value.length
    hop.setsCookie = answered['set-cookie'] !== undefined
    hop.hasLocation = answered.location !== undefined
    const { 'content-encoding': coding = '' } = answered
    this.#encoded = settings.decompress && coding !== ''
    const { receive } = hop
    if (receive !== undefined && !hop.leadsOn(this.#status, hop.hasLocation)) {
      this.#keeps = false
      if (receive === 'discard' || receive === 'buffer') return
      this.#consumer = new BodyConsumer(receive, this.#encoded ? coding : '', (hold) => this.#hold(hold))
      this.#consumer.done.catch((error: unknown) => this.#consumerFailed(error))
    }
  }

  #received(piece: Buffer): void {
    if (this.#over) return
    const { maxBody } = this.#route.settings
    this.#hop.slot.bytesReceived += piece.length
    this.#wireLength += piece.length
    if (!this.#keeps) {
      this.#consumer?.push(piece)
    } else if (this.#wireLength > maxBody) {
      this.fail(new TransportError('BODY_TOO_LARGE', `the body is longer than ${maxBody} B`))
    } else {
      this.#kept = grown(this.#kept, this.#keptLength, piece.length, maxBody)
      piece.copy(this.#kept, this.#keptLength)
      this.#keptLength += piece.length
    }
  }

  #hold(hold: boolean): void {
    if (hold) this.#stream?.pause()
    else this.#stream?.resume()
  }

  #consumerFailed(error: unknown): void {
    if (this.#over) return
    if (!(error instanceof TransportError)) this.#hop.rejection = error
    this.fail(
      error instanceof TransportError
        ? error
        : new TransportError('ABORTED', 'the function that receives the body threw', error),
    )
  }

  #ended(): void {
    if (this.#over || this.#status === 0 || this.#stream?.rstCode !== constants.NGHTTP2_NO_ERROR) return
    this.#hop.slot.end = this.#route.shared.now()
    if (this.#consumer === undefined) {
      this.#finish()
      return
    }
    this.#consumer.end()
    this.#consumer.done.then(
      () => this.#finish(),
      () => {},
    )
  }

  #closed(stream: ClientHttp2Stream): void {
    if (this.#hop.slot.end > 0 && this.#consumer !== undefined) return
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
    const { settings } = this.#route
    const answer = new ReceivedAnswer(
      this.#status,
      hop.target.url,
      this.#pairs,
      this.#kept,
      0,
      this.#keptLength,
      this.#wireLength,
      this.#encoded ? settings.maxBody : 0,
    )
    this.#leave()
    hop.succeed(answer)
  }

  #leave(): void {
    if (this.#over) return
    this.#over = true
    this.#consumer?.cancel()
    if (this.#stream !== undefined && !this.#stream.closed) this.#stream.close(constants.NGHTTP2_CANCEL)
    this.#left()
  }
}

function pairsOf(headers: IncomingHttpHeaders): HeaderPairs {
  const pairs: [string, string][] = []
  for (const [name, value] of Object.entries(headers)) {
    if (name.startsWith(':') || value === undefined) continue
    for (const one of Array.isArray(value) ? value : [value]) pairs.push([name, one])
  }
  return pairs
}
