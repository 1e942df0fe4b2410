import type { SocketIoSettings } from './types.ts'

/** Where Engine.IO is found: an origin, a path, a query of the plan's own. */
export interface EngineTarget {
  readonly origin: string
  readonly settings: Pick<SocketIoSettings, 'path' | 'query'>
}

/**
 * The URL of one transport (Engine.IO protocol 4). Without the cache-busting parameter of browsers: nothing caches here,
 * and a URL that stays the same is parsed once.
 */
export function engineUrl({ origin, settings }: EngineTarget, transport: string, sid: string | undefined): string {
  const path = `/${settings.path.replace(/^\/+|\/+$/g, '')}/`
  const query = new URLSearchParams({ ...settings.query, EIO: '4', transport })
  if (sid !== undefined) query.set('sid', sid)
  return `${origin}${path === '//' ? '/' : path}?${query}`
}
