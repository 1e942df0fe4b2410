import { type ClientHttp2Session, connect, constants } from 'node:http2'
import type { Socket } from 'node:net'
import { type Millis, millis } from '../../base/units.ts'
import { Dial, type DialListener, type Route } from '../http/dial.ts'
import { TransportError } from '../http/exchange.ts'
import { exchangeFailure } from '../http/failure.ts'
import type { Carrier, Channel, Hop } from '../http/hop.ts'
import { Stream } from './stream.ts'

/** One user's HTTP/2 connection to one origin: all exchanges share it (RFC 9113), a new one is made when it has gone. */
export class Session implements Channel, Carrier, DialListener {
  readonly #route: Route
  #dial: Dial | undefined
  #session: ClientHttp2Session | undefined
  /** Exchanges that wait for the connection; the first of them is the one that it is made for. */
  readonly #waiting: Hop[] = []
  readonly #streams = new Set<Stream>()

  constructor(route: Route) {
    this.#route = route
  }

  submit(hop: Hop, now: Millis): void {
    if (this.#session !== undefined && !this.#session.closed && !this.#session.destroyed) {
      hop.slot.assignedAt = now
      this.#start(hop, this.#session, now)
      return
    }
    hop.carrier = this
    this.#waiting.push(hop)
    if (this.#dial === undefined) this.#open(hop, now)
  }

  /** Takes over a connection that stands and speaks HTTP/2. */
  adopt(socket: Socket, now: Millis): void {
    const { origin, shared, settings } = this.#route
    const session = connect(origin.key, {
      createConnection: () => socket,
      maxHeaderListPairs: 1000,
      settings: { enablePush: false, maxHeaderListSize: settings.maxHeaders },
    })
    shared.openConnections++
    this.#session = session
    let failure: Error | undefined
    session.on('error', (error) => {
      failure = error
    })
    session.on('goaway', () => {
      if (this.#session === session) this.#session = undefined
    })
    session.on('close', () => {
      shared.openConnections--
      if (this.#session === session) this.#session = undefined
      const error =
        failure === undefined
          ? new TransportError('CONNECTION_CLOSED', 'the server closed the connection before it answered')
          : exchangeFailure(failure)
      for (const stream of [...this.#streams]) if (stream.session === session) stream.fail(error)
    })
    for (const hop of this.#waiting.splice(0)) {
      if (hop.slot.assignedAt === 0) hop.slot.assignedAt = now
      this.#start(hop, session, now)
    }
  }

  tcpConnected(now: Millis): void {
    const first = this.#waiting[0]
    if (first !== undefined && first.slot.connectStart > 0) first.slot.connectEnd = now
  }

  connected(socket: Socket, now: Millis): void {
    this.#dial = undefined
    const { origin } = this.#route
    const first = this.#waiting[0]
    if (first !== undefined && origin.secure && first.slot.connectStart > 0) first.slot.tlsEnd = now
    if (origin.secure && 'alpnProtocol' in socket && socket.alpnProtocol !== 'h2') {
      socket.destroy()
      this.#failWaiting(new TransportError('TLS_FAILED', 'the server does not offer HTTP/2: ALPN chose nothing'))
      return
    }
    this.adopt(socket, now)
  }

  dialFailed(error: TransportError): void {
    this.#dial = undefined
    this.#failWaiting(error)
  }

  drop(hop: Hop): void {
    const index = this.#waiting.indexOf(hop)
    if (index < 0) return
    this.#waiting.splice(index, 1)
    if (index > 0) return
    // The exchange whose connect time this was is gone; the others get a connection of their own.
    this.#dial?.cancel()
    this.#dial = undefined
    const next = this.#waiting[0]
    if (next !== undefined) this.#open(next, this.#route.shared.now())
  }

  continueAnyway(): void {}

  shut(error: TransportError): void {
    this.#dial?.cancel()
    this.#dial = undefined
    this.#failWaiting(error)
    for (const stream of [...this.#streams]) stream.fail(error)
    this.#session?.destroy(undefined, constants.NGHTTP2_CANCEL)
    this.#session = undefined
  }

  #open(hop: Hop, now: Millis): void {
    hop.slot.assignedAt = now
    hop.connecting(now)
    this.#dial = new Dial(this.#route, this.#route.origin.secure ? ['h2'] : [], undefined, this)
    this.#dial.start()
  }

  #start(hop: Hop, session: ClientHttp2Session, now: Millis): void {
    const stream = new Stream(hop, session, this.#route, () => {
      this.#streams.delete(stream)
      if (!this.#route.settings.keepAlive && this.#streams.size === 0) session.close()
    })
    this.#streams.add(stream)
    stream.send(millis(now))
  }

  #failWaiting(error: TransportError): void {
    for (const hop of this.#waiting.splice(0)) hop.fail(error)
  }
}
