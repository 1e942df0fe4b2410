import type { Millis } from '../../base/units.ts'
import { TransportError } from '../http/exchange.ts'
import { ACK, CONNECT, DISCONNECT, EVENT } from './dispatch.ts'
import type { EngineSession } from './engine-session.ts'
import { isReserved } from './json-reader.ts'
import { encodePacket } from './packet-writer.ts'
import { PendingAcks } from './pending-acks.ts'
import type { AckListener, SocketIoContext, SocketIoSettings } from './types.ts'

/** What one socket sends: packets of its namespace, and the acknowledgements that it waits for. */
export class Outgoing {
  /** Where packets go; undefined while there is no connection. */
  session: EngineSession | undefined
  readonly #shared: SocketIoContext['shared']
  readonly #namespace: string
  readonly #parser: SocketIoSettings['parser']
  #acks: PendingAcks | undefined
  /** Counts on over reconnects, as with the official client. */
  #nextId = 0

  constructor(shared: SocketIoContext['shared'], namespace: string, parser: SocketIoSettings['parser']) {
    this.#shared = shared
    this.#namespace = namespace
    this.#parser = parser
  }

  connect(data: Readonly<Record<string, unknown>>): void {
    this.#send(CONNECT, Object.keys(data).length === 0 ? undefined : data, undefined)
  }

  disconnect(): void {
    this.#send(DISCONNECT, undefined, undefined)
  }

  /** @returns how long the packet is. @throws {TransportError} BAD_REQUEST */
  event(event: string, args: readonly unknown[]): number {
    return this.#sendEvent(event, args, undefined)
  }

  /** @returns how long the packet is. @throws {TransportError} BAD_REQUEST */
  eventWithAck(event: string, args: readonly unknown[], timeout: Millis, listener: AckListener): number {
    const id = this.#nextId
    const length = this.#sendEvent(event, args, id)
    this.#nextId++
    this.#acks ??= new PendingAcks(this.#shared.deadlines)
    this.#acks.add(id, event, this.#shared.now(), timeout, listener)
    return length
  }

  /** What answers an event of the server: once, and on the connection that the event came by. */
  replyTo(id: number): (...args: unknown[]) => void {
    let { session } = this
    return (...args) => {
      if (session !== undefined && session === this.session) this.#send(ACK, args, id)
      session = undefined
    }
  }

  /**
   * One that came too late, or twice, changes nothing: its event has been judged already.
   * @returns false for an id that was never sent
   */
  acknowledged(id: number, args: readonly unknown[], at: Millis): boolean {
    if (id < 0 || id >= this.#nextId) return false
    this.#acks?.take(id)?.acknowledged(args, at)
    return true
  }

  /** The connection is gone, and with it whatever was still to be acknowledged. */
  fail(error: TransportError): void {
    this.#acks?.fail(error)
  }

  #sendEvent(event: string, args: readonly unknown[], id: number | undefined): number {
    if (isReserved(event))
      throw new TransportError('BAD_REQUEST', `${event} is the name of an event of Socket.IO itself`)
    return this.#send(EVENT, [event, ...args], id)
  }

  #send(type: number, data: unknown, id: number | undefined): number {
    let length = 0
    for (const piece of encodePacket({ type, nsp: this.#namespace, data, id }, this.#parser)) {
      this.session?.send(typeof piece === 'string' ? `4${piece}` : piece)
      length += piece.length
    }
    return length
  }
}
