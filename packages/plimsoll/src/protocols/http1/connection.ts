import type { Socket } from 'node:net'
import { type Millis, millis } from '../../base/units.ts'
import { Dial, type DialListener, type Route } from '../http/dial.ts'
import { TransportError } from '../http/exchange.ts'
import { exchangeFailure } from '../http/failure.ts'
import type { Carrier, Hop } from '../http/hop.ts'
import { consumerFailure, Intake } from '../http/intake.ts'
import { ResponseParser, type ResponseSink } from './parser.ts'
import { RequestSender, type SendingConnection } from './request-sender.ts'

/** Answers up to this size that arrive in one read are kept as they are, head and body together. */
const WHOLE = 16 * 1024

/** Whose connection it is. */
export interface ConnectionOwner {
  readonly route: Route
  /** It is free for the next exchange. */
  release(connection: Connection, now: Millis): void
  /** It can carry nothing any more. */
  gone(connection: Connection): void
  /** It turned out to be closed before the exchange began, which may be had again on another. */
  resend(hop: Hop): void
}

/** One HTTP/1.1 connection: carries one exchange at a time. */
export class Connection implements Carrier, DialListener, ResponseSink, SendingConnection {
  /** The next one of its owner's idle connections. */
  nextIdle: Connection | undefined
  readonly #owner: ConnectionOwner
  readonly #parser: ResponseParser
  readonly #intake: Intake
  readonly #sender: RequestSender
  #hop: Hop | undefined
  #dial: Dial | undefined
  #socket: Socket | undefined
  #reused = false
  /** False once the server has closed while the plan was still reading the answer. */
  #usable = true
  #closed = false
  #error: Error | undefined

  constructor(owner: ConnectionOwner) {
    this.#owner = owner
    this.#sender = new RequestSender(owner.route, this)
    this.#parser = new ResponseParser(this, owner.route.settings.maxHeaders)
    this.#intake = new Intake(owner.route.settings, (hold) => this.#hold(hold))
  }

  /** Makes the connection, then sends. */
  open(hop: Hop, now: Millis): void {
    this.#hop = hop
    hop.carrier = this
    hop.slot.assignedAt = now
    hop.connecting(now)
    const { route } = this.#owner
    const protocols = route.origin.secure ? ['http/1.1'] : []
    const onread = route.shared.onread((count, bytes) => this.#received(count, bytes))
    this.#dial = new Dial(route, protocols, onread, this)
    this.#dial.start()
  }

  /** Takes over a connection that stands, whose octets come as events, and sends. */
  adopt(socket: Socket, hop: Hop, now: Millis): void {
    this.#hop = hop
    hop.carrier = this
    this.#attach(socket)
    socket.on('data', (bytes: Buffer) => this.#received(bytes.length, bytes))
    this.#send(hop, now)
  }

  /** Sends on a connection that has been used before. */
  reuse(hop: Hop, now: Millis): void {
    this.#hop = hop
    hop.carrier = this
    hop.slot.assignedAt = now
    this.#reused = true
    this.#send(hop, now)
  }

  tcpConnected(now: Millis): void {
    if (this.#hop !== undefined) this.#hop.slot.connectEnd = now
  }

  connected(socket: Socket, now: Millis): void {
    this.#dial = undefined
    this.#attach(socket)
    if (this.#hop === undefined) return
    if (this.#owner.route.origin.secure) this.#hop.slot.tlsEnd = now
    this.#send(this.#hop, now)
  }

  dialFailed(error: TransportError): void {
    this.#fail(error)
  }

  drop(): void {
    this.#hop = undefined
    this.close()
  }

  close(): void {
    if (this.#closed) return
    this.#closed = true
    this.#dial?.cancel()
    this.#intake.cancel()
    if (this.#socket !== undefined) {
      this.#owner.route.shared.openConnections--
      this.#socket.destroy()
    }
    this.#owner.gone(this)
  }

  /** Ends the exchange that it carries, if any, and itself. */
  shut(error: TransportError): void {
    this.#fail(error)
  }

  #attach(socket: Socket): void {
    this.#socket = socket
    this.#owner.route.shared.openConnections++
    socket.on('error', (error) => {
      this.#error = error
    })
    socket.on('end', () => this.#ended())
    socket.on('close', () => this.#lost())
  }

  #send(hop: Hop, now: Millis): void {
    this.#parser.begin(hop.target.method === 'HEAD')
    this.#sender.send(hop, this.#socket as Socket, now)
  }

  continueAnyway(hop: Hop): void {
    hop.awaitingContinue = false
    hop.slot.expires = hop.slot.totalBy
    this.#sender.sendBody(hop, this.#socket as Socket)
  }

  carries(hop: Hop): boolean {
    return this.#hop === hop
  }

  sendingFailed(error: TransportError): void {
    this.#fail(error)
  }

  /** One read's octets; the buffer is every connection's. False would stop reading: pausing is the consumer's. */
  #received(count: number, bytes: Uint8Array): boolean {
    const hop = this.#hop
    if (hop === undefined) {
      if (!this.#closed) this.#owner.route.shared.strayData++
      this.close()
      return true
    }
    const now = this.#owner.route.shared.now()
    const { slot } = hop
    if (slot.firstByte === 0) slot.firstByte = now
    slot.bytesReceived += count
    try {
      const read = this.#parser.feed(bytes, 0, count)
      if (!this.#parser.complete) return true
      if (read < count) throw new TransportError('UNEXPECTED_DATA', `${count - read} B more than the answer has`)
    } catch (error) {
      this.#fail(exchangeFailure(error))
      return true
    }
    this.#complete(hop, now)
    return true
  }

  informational(status: number): void {
    const hop = this.#hop
    if (hop === undefined) return
    hop.slot.firstByte = millis(0)
    if (status === 100 && hop.awaitingContinue) this.continueAnyway(hop)
  }

  headRead(bytes: Uint8Array, start: number, end: number, limit: number): void {
    const hop = this.#hop as Hop
    const intake = this.#intake
    const { head, bodyLength } = this.#parser
    if (hop.slot.firstByte === 0) hop.slot.firstByte = this.#owner.route.shared.now()
    hop.awaitingContinue = false
    hop.setsCookie = head.setsCookie
    hop.hasLocation = head.hasLocation
    intake.begin(hop, head.status, head.encoded, bodyLength, undefined)
    const whole = end + bodyLength
    if (bodyLength >= 0 && whole <= limit && whole - start <= WHOLE && intake.keepsBody && Buffer.isBuffer(bytes)) {
      intake.keepWhole(bytes.toString('latin1', start, whole), end - start)
    } else {
      intake.keepHead(bytes, start, end, bodyLength)
      intake.startConsumer(hop, (error) => {
        if (this.#hop === hop) this.#fail(consumerFailure(hop, error))
      })
    }
  }

  body(bytes: Uint8Array, start: number, end: number): void {
    this.#intake.add(bytes, start, end)
  }

  #hold(hold: boolean): void {
    if (this.#closed) return
    if (hold) this.#socket?.pause()
    else this.#socket?.resume()
  }

  #complete(hop: Hop, now: Millis): void {
    hop.slot.end = now
    const taken = this.#intake.end()
    if (taken === undefined) {
      this.#finish(hop)
      return
    }
    taken.then(
      () => {
        if (this.#hop === hop) this.#finish(hop)
      },
      () => {},
    )
  }

  /** The connection is free, or gone, before anybody hears of the answer: what they ask for next may use it. */
  #finish(hop: Hop): void {
    const answer = this.#intake.answer()
    this.#intake.clear()
    this.#hop = undefined
    if (this.#usable && this.#sender.sent && this.#parser.persistent && this.#owner.route.settings.keepAlive) {
      this.#owner.release(this, hop.slot.end)
    } else {
      this.close()
    }
    this.#owner.route.shared.answers.add(hop, answer)
  }

  /** The server will send nothing more. */
  #ended(): void {
    const hop = this.#hop
    if (hop !== undefined && !this.#parser.complete && this.#parser.close()) {
      this.#complete(hop, this.#owner.route.shared.now())
      return
    }
    this.#lost()
  }

  #lost(): void {
    if (this.#closed) return
    const hop = this.#hop
    if (hop === undefined) {
      this.close()
      return
    }
    if (this.#parser.complete) {
      this.#usable = false
      return
    }
    if (this.#reused && hop.slot.bytesReceived === 0 && hop.mayResend) {
      this.#hop = undefined
      this.close()
      this.#owner.resend(hop)
      return
    }
    if (this.#error !== undefined) this.#fail(exchangeFailure(this.#error))
    else {
      const when = hop.slot.bytesReceived === 0 ? 'before it answered' : 'in the middle of its answer'
      this.#fail(new TransportError('CONNECTION_CLOSED', `the server closed the connection ${when}`))
    }
  }

  #fail(error: TransportError): void {
    const hop = this.#hop
    this.#hop = undefined
    this.close()
    hop?.fail(error)
  }
}
