import type pg from 'pg'
import { Gauge, type Registry } from 'prom-client'

/** A table of harbor, as Postgres's statistics have it. */
interface Table {
  readonly name: string
  readonly live: number
  readonly dead: number
  /** Rows that came, changed or went since its statistics were made. */
  readonly changed: number
  /** With its indexes, and what is too large for its rows. */
  readonly bytes: number
  /** In seconds since 1970, by autovacuum or by hand; null: never. */
  readonly vacuumed: number | null
  readonly analyzed: number | null
}

const statement = {
  name: 'tables',
  text: `SELECT relname AS name, n_live_tup::float8 AS live, n_dead_tup::float8 AS dead,
      n_mod_since_analyze::float8 AS changed, pg_total_relation_size(relid)::float8 AS bytes,
      extract(epoch FROM greatest(last_vacuum, last_autovacuum))::float8 AS vacuumed,
      extract(epoch FROM greatest(last_analyze, last_autoanalyze))::float8 AS analyzed
    FROM pg_stat_user_tables WHERE schemaname = current_schema()`,
}

const gauges: readonly (readonly [name: string, help: string, of: (table: Table) => number | null])[] = [
  ['live_rows', 'Rows of a table, as estimated by Postgres.', ({ live }) => live],
  ['dead_rows', 'Rows that were changed or removed, and wait for VACUUM.', ({ dead }) => dead],
  ['changed_rows', 'Rows that came, changed or went since the last ANALYZE.', ({ changed }) => changed],
  ['size_bytes', 'A table with its indexes.', ({ bytes }) => bytes],
  ['last_vacuum_timestamp_seconds', 'The last VACUUM, by autovacuum or by hand.', ({ vacuumed }) => vacuumed],
  ['last_analyze_timestamp_seconds', 'The last ANALYZE, by autovacuum or by hand.', ({ analyzed }) => analyzed],
]

/** In milliseconds: figures are not asked for again before. */
const fresh = 5_000

/**
 * Tells how well Postgres keeps harbor's tables. No scrape waits for it: each shows what the one before asked for, and nothing
 * while Postgres is away.
 */
export function measureTables(registry: Registry, pool: pg.Pool): void {
  let tables: readonly Table[] = []
  let askedAt = Number.NEGATIVE_INFINITY
  let asking = false
  const ask = async () => {
    asking = true
    askedAt = performance.now()
    tables = await pool.query<Table>(statement).then(
      ({ rows }) => rows,
      () => [],
    )
    asking = false
  }
  for (const [name, help, of] of gauges) {
    new Gauge({
      name: `database_table_${name}`,
      help,
      labelNames: ['table'] as const,
      registers: [registry],
      collect() {
        if (!asking && performance.now() - askedAt > fresh) void ask()
        this.reset()
        for (const table of tables) {
          const value = of(table)
          if (value !== null) this.set({ table: table.name }, value)
        }
      },
    })
  }
}
