import { type Millis, millis, subtract, toMicros } from '../../base/units.ts'
import type { TransportError } from '../../protocols/http/exchange.ts'
import type { SocketProtocol } from '../../record/events.ts'
import type { VuContext } from '../vu/context.ts'

/** How a connection that stood came to its end. */
export type Loss = 'closed' | 'cut' | 'lost'

const cutShort: ReadonlySet<string> = new Set(['TIMEOUT_CONNECT', 'TIMEOUT_FIRST_BYTE', 'TIMEOUT_TOTAL', 'ABORTED'])

/**
 * One socket from its first attempt to its end, in the books: opened, lost, away, back. Every connection is a sample of
 * `connect_time`; every time away is one of `reconnect.time`, from the loss to the return.
 */
export class SocketLife {
  readonly name: string
  readonly protocol: SocketProtocol
  readonly #context: VuContext
  readonly #user: number
  #state: 'connecting' | 'open' | 'away' | 'over' = 'connecting'
  #lostAt = millis(0)

  constructor(context: VuContext, user: number, protocol: SocketProtocol, name: string) {
    this.#context = context
    this.#user = user
    this.protocol = protocol
    this.name = name
  }

  get isOpen(): boolean {
    return this.#state === 'open'
  }

  get isOver(): boolean {
    return this.#state === 'over'
  }

  /** @param recovered of a return: whether the server restored the state; undefined where that was not asked for */
  opened(askedAt: Millis, at: Millis, recovered?: boolean): void {
    if (this.#state === 'over') return
    const counts = this.#counts
    this.#connectTime.record(toMicros(subtract(at, askedAt)), false)
    if (this.#state === 'away') {
      counts.away--
      counts.reconnected++
      if (recovered === true) counts.recovered++
      else if (recovered === false) counts.notRecovered++
      this.#reconnectTime.record(toMicros(subtract(at, this.#lostAt)), false)
      this.#context.deliveries.ledger.reconnected(this.#user, at)
    } else {
      counts.opened++
    }
    counts.open++
    this.#state = 'open'
  }

  /** An attempt failed; another may follow. */
  failed(askedAt: Millis, at: Millis, error: TransportError): void {
    this.#counts.failed++
    const time = toMicros(subtract(at, askedAt))
    if (cutShort.has(error.code)) this.#connectTime.recordCensored(time)
    else this.#connectTime.record(time, true)
    this.error(error)
  }

  /** The connection is gone: on its way back, or for good. */
  gone(at: Millis, how: Loss, comesBack: boolean): void {
    if (this.#state !== 'open') return
    const counts = this.#counts
    counts.open--
    counts[how]++
    this.#state = comesBack ? 'away' : 'over'
    this.#lostAt = at
    if (comesBack) counts.away++
  }

  /** The plan closes what is away: it does not want it back. */
  leave(): void {
    if (this.#state === 'away') this.#counts.away--
    this.#state = 'over'
  }

  /** No further attempt follows. */
  over(at: Millis): void {
    if (this.#state === 'away') {
      this.#counts.away--
      this.#counts.neverBack++
      this.#reconnectTime.recordCensored(toMicros(subtract(at, this.#lostAt)))
    }
    this.#state = 'over'
  }

  error(error: TransportError): void {
    if (error.code !== 'ABORTED') this.#context.recorder.error(error.code, `${this.protocol} ${this.name}`)
  }

  get #counts() {
    return this.#context.sockets.of(this.protocol)
  }

  get #connectTime() {
    return this.#context.recorder.series(`${this.protocol}.connect_time`, 'endpoint', this.name)
  }

  get #reconnectTime() {
    return this.#context.recorder.series('reconnect.time', 'endpoint', `${this.protocol} ${this.name}`)
  }
}
