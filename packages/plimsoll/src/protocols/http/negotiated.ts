import type { Socket } from 'node:net'
import type { Millis } from '../../base/units.ts'
import { Pool } from '../http1/pool.ts'
import { Session } from '../http2/session.ts'
import { Dial, type DialListener, type Route } from './dial.ts'
import type { TransportError } from './exchange.ts'
import type { Carrier, Channel, Hop } from './hop.ts'

/** An origin of which only the first connection's handshake tells whether it speaks HTTP/2 (RFC 7301, ALPN). */
export class Negotiated implements Channel, Carrier, DialListener {
  readonly #route: Route
  #chosen: Channel | undefined
  #dial: Dial | undefined
  /** Exchanges that wait for the choice; the first is the one that the connection is made for. */
  readonly #waiting: Hop[] = []

  constructor(route: Route) {
    this.#route = route
  }

  submit(hop: Hop, now: Millis): void {
    if (this.#chosen !== undefined) {
      this.#chosen.submit(hop, now)
      return
    }
    hop.carrier = this
    this.#waiting.push(hop)
    if (this.#dial === undefined) this.#open(hop, now)
  }

  tcpConnected(now: Millis): void {
    const first = this.#waiting[0]
    if (first !== undefined) first.slot.connectEnd = now
  }

  connected(socket: Socket, now: Millis): void {
    this.#dial = undefined
    const waiting = this.#waiting.splice(0)
    const [first, ...others] = waiting
    if (first !== undefined) first.slot.tlsEnd = now
    if ('alpnProtocol' in socket && socket.alpnProtocol === 'h2') {
      const session = new Session(this.#route)
      this.#chosen = session
      session.adopt(socket, now)
      for (const hop of waiting) hop.carrier = undefined
      for (const hop of waiting) {
        const assignedAt = hop.slot.assignedAt
        session.submit(hop, now)
        if (assignedAt > 0) hop.slot.assignedAt = assignedAt
      }
    } else {
      const pool = new Pool(this.#route)
      this.#chosen = pool
      if (first === undefined) socket.destroy()
      else pool.adopt(socket, first, now)
      for (const hop of others) pool.submit(hop, now)
    }
  }

  dialFailed(error: TransportError): void {
    this.#dial = undefined
    for (const hop of this.#waiting.splice(0)) hop.fail(error)
  }

  drop(hop: Hop): void {
    const index = this.#waiting.indexOf(hop)
    if (index < 0) return
    this.#waiting.splice(index, 1)
    if (index > 0) return
    this.#dial?.cancel()
    this.#dial = undefined
    const next = this.#waiting[0]
    if (next !== undefined) this.#open(next, this.#route.shared.now())
  }

  continueAnyway(): void {}

  shut(error: TransportError): void {
    this.#dial?.cancel()
    this.#dial = undefined
    for (const hop of this.#waiting.splice(0)) hop.fail(error)
    this.#chosen?.shut(error)
  }

  #open(hop: Hop, now: Millis): void {
    hop.slot.assignedAt = now
    hop.connecting(now)
    this.#dial = new Dial(this.#route, ['h2', 'http/1.1'], undefined, this)
    this.#dial.start()
  }
}
