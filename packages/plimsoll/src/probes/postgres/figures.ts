import type { ActivityRow, DatabaseRow } from './queries.ts'
import { queryTimes, type StatementInterval } from './statements.ts'

/** What is counted in rows of the server, as the probe's values; what is not known is left out. */

export function sessionFigures(activity: ActivityRow): Record<string, number> {
  const { connections, active, idle_in_transaction, waiting_locks, hidden } = activity
  // States of sessions that are hidden would count as none.
  if (hidden > 0) return { connections }
  return { connections, active, 'idle in transaction': idle_in_transaction, 'waiting locks': waiting_locks }
}

export function databaseRates(before: DatabaseRow, now: DatabaseRow, seconds: number): Record<string, number> {
  const rate = (name: 'commits' | 'rollbacks' | 'rows_returned' | 'temp_bytes') =>
    growth(before[name], now[name]) / seconds
  const hit = growth(before.blocks_hit, now.blocks_hit)
  const wanted = hit + growth(before.blocks_read, now.blocks_read)
  return {
    commits: rate('commits'),
    rollbacks: rate('rollbacks'),
    'rows returned': rate('rows_returned'),
    'temp bytes': rate('temp_bytes'),
    ...(wanted > 0 && { 'cache hit': hit / wanted }),
    ...(before.wal !== null && now.wal !== null && { wal: growth(before.wal, now.wal) / seconds }),
  }
}

export function queryFigures(statements: readonly StatementInterval[], seconds: number): Record<string, number> {
  const times = queryTimes(statements)
  return times === undefined ? {} : { queries: times.calls / seconds, 'query mean': times.mean, 'query p95': times.p95 }
}

/** Counters begin anew when the server has crashed or was told to reset them. */
export const growth = (before: number, now: number): number => Math.max(0, now - before)
