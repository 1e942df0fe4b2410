import { type Millis, millis } from '../../base/units.ts'
import type { Deadlines, Expiring } from '../http/deadlines.ts'
import { TransportError } from '../http/exchange.ts'
import type { AckListener } from './types.ts'

/** Emits of one socket that wait for their acknowledgement. */
export class PendingAcks {
  readonly #deadlines: Deadlines
  readonly #pending = new Map<number, PendingAck>()

  constructor(deadlines: Deadlines) {
    this.#deadlines = deadlines
  }

  add(id: number, event: string, now: Millis, timeout: Millis, listener: AckListener): void {
    const ack = new PendingAck(this, id, event, timeout, millis(now + timeout), listener)
    this.#pending.set(id, ack)
    this.#deadlines.add(ack)
  }

  /** Takes one out; undefined when it is not waited for: it came too late, or twice. */
  take(id: number): AckListener | undefined {
    const ack = this.#pending.get(id)
    if (ack === undefined) return undefined
    this.#pending.delete(id)
    this.#deadlines.remove(ack)
    return ack.listener
  }

  fail(error: TransportError): void {
    for (const id of [...this.#pending.keys()]) this.take(id)?.failed(error)
  }
}

class PendingAck implements Expiring {
  position = -1
  readonly expires: Millis
  readonly listener: AckListener
  readonly #owner: PendingAcks
  readonly #id: number
  readonly #event: string
  readonly #timeout: Millis

  constructor(owner: PendingAcks, id: number, event: string, timeout: Millis, expires: Millis, listener: AckListener) {
    this.expires = expires
    this.listener = listener
    this.#owner = owner
    this.#id = id
    this.#event = event
    this.#timeout = timeout
  }

  expire(): void {
    const message = `${this.#event} was not acknowledged within ${this.#timeout} ms`
    this.#owner.take(this.#id)?.failed(new TransportError('TIMEOUT_ACK', message))
  }
}
