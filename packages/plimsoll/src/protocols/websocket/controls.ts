import { type Millis, millis, subtract } from '../../base/units.ts'
import { TransportError } from '../http/exchange.ts'

/** Unanswered pings that are remembered; a peer need only answer the last (RFC 6455 §5.5.3). */
const MOST_PINGS = 64
const SECOND = 1000

/** Pings and pongs of one connection: how many come, and which pong answers which ping. */
export class Controls {
  readonly #mostInASecond: number
  #count = 0
  #since = millis(0)
  readonly #pings: { readonly id: number; readonly at: Millis }[] = []
  #next = 1

  constructor(mostInASecond: number) {
    this.#mostInASecond = mostInASecond
  }

  /** @throws {TransportError} CONTROL_FLOOD */
  came(at: Millis): void {
    if (at - this.#since >= SECOND) {
      this.#since = at
      this.#count = 0
    }
    if (++this.#count > this.#mostInASecond) {
      throw new TransportError('CONTROL_FLOOD', `more than ${this.#mostInASecond} pings and pongs within a second`)
    }
  }

  /** The payload of our next ping. */
  ping(at: Millis): Buffer {
    const id = this.#next++ >>> 0
    if (this.#pings.length === MOST_PINGS) this.#pings.shift()
    this.#pings.push({ id, at })
    const payload = Buffer.allocUnsafe(4)
    payload.writeUInt32BE(id)
    return payload
  }

  /** The round trip; undefined for a pong that nobody asked for. Earlier pings are answered with it. */
  answered(payload: Buffer, at: Millis): Millis | undefined {
    if (payload.length !== 4) return undefined
    const id = payload.readUInt32BE(0)
    const index = this.#pings.findIndex((ping) => ping.id === id)
    const ping = this.#pings.splice(0, index + 1).at(-1)
    return ping === undefined ? undefined : subtract(at, ping.at)
  }
}
