import type { Cookies } from './cookies.ts'
import type { ClientShared } from './shared.ts'
import type { ClientSettings } from './types.ts'

/** What all connections of one user have in common, whatever they speak. */
export interface Dialer {
  readonly shared: ClientShared
  readonly settings: ClientSettings
  readonly localAddress: string | undefined
  /** Sent with handshakes, which may set more. */
  readonly cookies: Cookies | undefined
  /** Relative URLs are resolved against this; without it URLs have to be absolute. */
  readonly baseUrl?: string
}
