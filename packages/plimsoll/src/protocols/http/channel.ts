import { Pool } from '../http1/pool.ts'
import { Session } from '../http2/session.ts'
import type { Route } from './dial.ts'
import type { Channel } from './hop.ts'
import { Negotiated } from './negotiated.ts'

/** The protocol that the settings ask for; without TLS there is nothing to negotiate with, and `auto` means HTTP/1.1. */
export function createChannel(route: Route): Channel {
  if (route.settings.version === 2) return new Session(route)
  if (route.settings.version === 'auto' && route.origin.secure) return new Negotiated(route)
  return new Pool(route)
}
