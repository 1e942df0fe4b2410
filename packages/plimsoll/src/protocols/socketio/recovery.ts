import type { Millis } from '../../base/units.ts'
import { TransportError } from '../http/exchange.ts'
import { malformed } from './dispatch.ts'

/** An event that came before its namespace was joined. */
interface EarlyEvent {
  readonly name: string
  readonly args: readonly unknown[]
  readonly id: number
  readonly at: Millis
  readonly bytes: number
}

/** What a server may send before it says that the session is restored. */
const MAX_EARLY_BYTES = 16 * 1024 * 1024

/**
 * Connection-state recovery (socket.io 4.6 and later): the server's private id of a session, and the last event of it
 * that came. A server that restores a session sends what was missed before it says so.
 */
export class Recovery {
  #pid: string | undefined
  #offset: string | undefined
  #early: EarlyEvent[] | undefined
  #earlyBytes = 0

  /** What CONNECT asks for; empty on a first connection, and when the server does not recover. */
  credentials(): Readonly<Record<string, string>> {
    if (this.#pid === undefined) return {}
    return this.#offset === undefined ? { pid: this.#pid } : { pid: this.#pid, offset: this.#offset }
  }

  /** True when the session is the one from before. The offset stays in any case, as in the official client. */
  joined(pid: unknown): boolean {
    const isSame = this.#pid !== undefined && pid === this.#pid
    this.#pid = typeof pid === 'string' ? pid : undefined
    return isSame
  }

  /** An event has been received: its last argument is its offset, if it is a string. */
  received(args: readonly unknown[]): void {
    if (this.#pid === undefined) return
    const last = args[args.length - 1]
    if (typeof last === 'string') this.#offset = last
  }

  /** Keeps an event until the namespace is joined. The error, when there is no reason for it to come now. */
  keep(name: string, args: readonly unknown[], id: number, at: Millis, bytes: number): TransportError | undefined {
    if (this.#pid === undefined) return malformed('an event before the namespace was joined')
    this.#earlyBytes += bytes
    if (this.#earlyBytes > MAX_EARLY_BYTES) {
      return new TransportError('MESSAGE_TOO_LARGE', `more than ${MAX_EARLY_BYTES} B before the namespace was joined`)
    }
    this.#early ??= []
    this.#early.push({ name, args, id, at, bytes })
    return undefined
  }

  /** Events that were kept; they are forgotten here: a server that has to restore again sends them again. */
  takeEarly(): readonly EarlyEvent[] {
    const early = this.#early ?? []
    this.#early = undefined
    this.#earlyBytes = 0
    return early
  }
}
