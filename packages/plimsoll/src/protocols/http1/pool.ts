import type { Socket } from 'node:net'
import type { Millis } from '../../base/units.ts'
import type { Route } from '../http/dial.ts'
import type { TransportError } from '../http/exchange.ts'
import type { Carrier, Channel, Hop } from '../http/hop.ts'
import { Connection, type ConnectionOwner } from './connection.ts'

/**
 * One user's HTTP/1.1 connections to one origin: as many as a browser's, and a queue for what finds none free. Made
 * small: ten thousand of them wait in one process, nearly all with one connection, and an array that is pushed to takes
 * room for seventeen.
 */
export class Pool implements Channel, Carrier, ConnectionOwner {
  readonly route: Route
  #all: readonly Connection[] = []
  /** The one used last is used next: the others may go idle for good. A chain by `nextIdle`. */
  #idle: Connection | undefined
  #queue: Hop[] | undefined

  constructor(route: Route) {
    this.route = route
  }

  submit(hop: Hop, now: Millis): void {
    const connection = this.#idle
    if (connection !== undefined) {
      this.#idle = connection.nextIdle
      connection.nextIdle = undefined
      connection.reuse(hop, now)
    } else if (this.#all.length < this.route.settings.connections) {
      this.#open(hop, now)
    } else {
      hop.carrier = this
      this.#queue ??= []
      this.#queue.push(hop)
    }
  }

  /** A connection made elsewhere, with the exchange that it was made for. */
  adopt(socket: Socket, hop: Hop, now: Millis): void {
    this.#add().adopt(socket, hop, now)
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
    const next = this.#queue?.shift()
    if (next !== undefined) {
      connection.reuse(next, now)
    } else {
      connection.nextIdle = this.#idle
      this.#idle = connection
    }
  }

  gone(connection: Connection): void {
    this.#all = this.#all.filter((one) => one !== connection)
    this.#forgetIdle(connection)
    if (this.#all.length >= this.route.settings.connections) return
    const next = this.#queue?.shift()
    if (next !== undefined) this.#open(next, this.route.shared.now())
  }

  drop(hop: Hop): void {
    const index = this.#queue?.indexOf(hop) ?? -1
    if (index >= 0) this.#queue?.splice(index, 1)
  }

  continueAnyway(): void {}

  shut(error: TransportError): void {
    for (const hop of this.#queue?.splice(0) ?? []) hop.fail(error)
    for (const connection of this.#all) connection.shut(error)
  }

  #open(hop: Hop, now: Millis): void {
    this.#add().open(hop, now)
  }

  #add(): Connection {
    const connection = new Connection(this)
    this.#all = [...this.#all, connection]
    return connection
  }

  #forgetIdle(connection: Connection): void {
    let before: Connection | undefined
    let one = this.#idle
    while (one !== undefined && one !== connection) {
      before = one
      one = one.nextIdle
    }
    if (one === undefined) return
    if (before === undefined) this.#idle = one.nextIdle
    else before.nextIdle = one.nextIdle
    one.nextIdle = undefined
  }
}
