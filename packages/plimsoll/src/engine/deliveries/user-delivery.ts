import type { Millis } from '../../base/units.ts'
import type { Delivery } from '../../plan/sockets.ts'
import type { VuContext } from '../vu/context.ts'

/** Who keeps an account by hand. */
export interface DeliveryOwner {
  readonly id: number
  readonly context: VuContext
  /** When the schedule wanted the next action; 0 when it does not say. */
  readonly due: Millis
}

/** `user.delivery(event)`: the ledger's verbs, with this user and the present filled in. */
export class UserDelivery implements Delivery {
  readonly #user: DeliveryOwner
  readonly #event: string

  constructor(user: DeliveryOwner, event: string) {
    this.#user = user
    this.#event = event
    user.context.deliveries.declare(event)
  }

  joining(room: string): void {
    this.#ledger.joining(this.#event, this.#user.id, room, this.#now)
  }

  joined(room: string, seq?: number): void {
    this.#ledger.joined(this.#event, this.#user.id, room, this.#now, seq)
  }

  leaving(room: string): void {
    this.#ledger.leaving(this.#event, this.#user.id, room, this.#now)
  }

  left(room: string, seq?: number): void {
    this.#ledger.left(this.#event, this.#user.id, room, this.#now, seq)
  }

  published(room: string, key: string): void {
    const now = this.#now
    const { due } = this.#user
    this.#ledger.published(this.#event, this.#user.id, room, key, due > 0 ? due : now, now)
  }

  confirmed(room: string, key: string, seq?: number): void {
    this.#ledger.settledAs(this.#event, room, key, 'confirmed', seq)
  }

  refused(room: string, key: string): void {
    this.#ledger.settledAs(this.#event, room, key, 'refused', undefined)
  }

  received(room: string, key: string, seq?: number): void {
    this.#ledger.received(this.#event, this.#user.id, room, key, this.#readAt, seq)
  }

  get #ledger() {
    return this.#user.context.deliveries.ledger
  }

  get #now() {
    return this.#user.context.clock.now()
  }

  /** The instant of the read that brought the message, while its listeners run; else the present. */
  get #readAt() {
    const { readingAt, clock } = this.#user.context
    return readingAt > 0 ? readingAt : clock.now()
  }
}
