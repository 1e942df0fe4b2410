import type { Millis } from '../../base/units.ts'
import type { Random, User } from '../../plan/user.ts'
import type { Dialer } from '../../protocols/http/dialer.ts'
import type { VuContext } from '../vu/context.ts'
import type { ManagedSocket } from './managed-socket.ts'

/** The user that a socket belongs to. */
export interface SocketOwner {
  readonly id: number
  readonly context: VuContext
  readonly journeyName: string
  readonly journeyIndex: number
  readonly random: Random
  /** How its connections are made: source address, cookies, TLS. */
  readonly dialer: Dialer
  readonly stopped: boolean
  /** Set by every call that lets the event loop turn. */
  waited: boolean
  /** When the schedule wanted the next action, once; 0 when it does not say. */
  takeDue(): Millis
  /** From its making to its end a socket is its user's. */
  attach(socket: ManagedSocket): void
  detach(socket: ManagedSocket): void
}

/** As plan code sees the owner: for callbacks of the plan that want a user. */
export const asUser = (owner: SocketOwner): User<never> & SocketOwner => owner as User<never> & SocketOwner
