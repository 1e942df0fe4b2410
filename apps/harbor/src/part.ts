import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { Logger } from 'pino'
import type { Sessions } from './accounts/principal.ts'
import type { Database } from './database/database.ts'
import type { Environment } from './environment.ts'
import type { Metrics } from './metrics/metrics.ts'
import type { Redis } from './redis/redis.ts'
import type { Security } from './security/security.ts'

/** What `app.ts` gives to the parts. */
export interface Services {
  readonly environment: Environment
  /** Signs whatever a part signs; put the purpose into what is signed. */
  readonly secret: string
  readonly database: Database
  readonly redis: Redis
  readonly metrics: Metrics
  readonly sessions: Sessions
  readonly security: Security
  readonly log: Logger
}

/** Takes over a connection, as of `http.Server`'s event `upgrade`. Whoever is banned was refused before. */
export type Upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer) => void

/**
 * One part of harbor: a folder with its routes, its SQL (`migrations/`), its types and its tests. `app.ts` registers
 * the parts; a part knows no other part.
 */
export interface Part {
  readonly name: string
  readonly routes: FastifyPluginAsyncTypebox
  /** For connections that ask to become something other than HTTP: by their path, without its query. Others get 404. */
  readonly upgrades?: Readonly<Record<string, Upgrade>>
  /**
   * Called when this instance is told to stop, is no longer ready and accepts no more connections: sends away those that
   * stay open, with a hint to come back to another instance. Resolves when all are told; 5 s at the most.
   */
  drain?(): Promise<void>
  /** Finishes what was accepted; called after the last request and before Postgres is let go. */
  close(): Promise<void>
}
