import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'

/**
 * One part of harbor: a folder with its routes, its SQL (`migrations/`), its types and its tests. `app.ts` registers
 * the parts; a part knows no other part.
 */
export interface Part {
  readonly name: string
  readonly routes: FastifyPluginAsyncTypebox
  /** Finishes what was accepted; called after the last request and before Postgres is let go. */
  close(): Promise<void>
}
