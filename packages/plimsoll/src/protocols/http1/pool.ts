import type { Socket } from 'node:net'
import type { Millis } from '../../base/units.ts'
import type { Route } from '../http/dial.ts'
import type { TransportError } from '../http/exchange.ts'
import type { Carrier, Channel, Hop } from '../http/hop.ts'
import { Connection, type ConnectionOwner } from './connection.ts'

/** One user's HTTP/1.1 connections to one origin: as many as a browser's, and a queue for what finds none free. */
export class Pool implements Channel, Carrier, ConnectionOwner {
  readonly route: Route
  readonly #all: Connection[] = []
  /** The one used last is used next: the others may go idle for good. */
  readonly #idle: Connection[] = []
  readonly #queue: Hop[] = []

  constructor(route: Route) {
    this.route = route
  }

  submit(hop: Hop, now: Millis): void {
    const connection = this.#idle.pop()
    if (connection !== undefined) {
      connection.reuse(hop, now)
    } else if (this.#all.length < this.route.settings.connections) {
      this.#open(hop, now)
    } else {
      hop.carrier = this
      this.#queue.push(hop)
    }
  }

  /** A connection made elsewhere, with the exchange that it was made for. */
  adopt(socket: Socket, hop: Hop, now: Millis): void {
    const connection = new Connection(this)
    this.#all.push(connection)
    connection.adopt(socket, hop, now)
  }

  /** Once more, on a connection of its own: another idle one might be closed just the same. */
  resend(hop: Hop): void {
    const now = this.route.shared.now()
    this.route.shared.resent++
    hop.resent = true
    hop.slot.forgetConnection()
    this.#open(hop, now)
  }

  release(connection: Connection, now: Millis): void {
    const next = this.#queue.shift()
    if (next !== undefined) connection.reuse(next, now)
    else this.#idle.push(connection)
  }

  gone(connection: Connection): void {
    remove(this.#all, connection)
    remove(this.#idle, connection)
    if (this.#all.length >= this.route.settings.connections) return
    const next = this.#queue.shift()
    if (next !== undefined) this.#open(next, this.route.shared.now())
  }

  drop(hop: Hop): void {
    remove(this.#queue, hop)
  }

  continueAnyway(): void {}

  shut(error: TransportError): void {
    for (const hop of this.#queue.splice(0)) hop.fail(error)
    for (const connection of [...this.#all]) connection.shut(error)
  }

  #open(hop: Hop, now: Millis): void {
    const connection = new Connection(this)
    this.#all.push(connection)
    connection.open(hop, now)
  }
}

function remove<T>(items: T[], item: T): void {
  const index = items.indexOf(item)
  if (index >= 0) items.splice(index, 1)
}
