import type { Millis } from '../../base/units.ts'

/** What the engine does to a socket, of whatever protocol. */
export interface ManagedSocket {
  /** Whose it is. */
  readonly user: number
  /** Drops the TCP connection, as a lost network does; it comes back as it is set to. */
  drop(offline: Millis | undefined): void
  /** The user's part is over: waits end with this error, the connection is closed. */
  end(error: Error): void
  takeTraffic(): { readonly sent: number; readonly received: number }
}
