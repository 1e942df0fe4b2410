/**
 * What the probe asks Postgres 14 or newer. Every figure is cast to double precision, which `pg` gives as a number.
 * The word plimsoll_probe is how our own statements are found again in pg_stat_statements.
 */

export const APPLICATION_NAME = 'plimsoll'

export interface ServerRow {
  /** Null when there is no such database. */
  readonly oid: string | null
  readonly role: string
  readonly may_size: boolean
  /** Whether the role sees what sessions and statements of other roles do. */
  readonly may_see: boolean
}

/** $1: the database's name. */
export const serverQuery = `
  select max(oid)::text as oid, current_user::text as role /* plimsoll_probe */,
         coalesce(bool_and(has_database_privilege(oid, 'connect')), false) as may_size,
         pg_has_role('pg_read_all_stats', 'usage') as may_see
  from pg_database where datname = $1`

export interface ActivityRow {
  readonly connections: number
  readonly active: number
  readonly idle_in_transaction: number
  readonly waiting_locks: number
  /** Sessions of other roles whose state is not shown to ours. */
  readonly hidden: number
}

/**
 * $1: the database's oid, $2: our application name. Parallel workers and background workers are no connections; of a
 * role that may not see others' sessions, only their existence is shown.
 */
export const activityQuery = `
  select count(*)::float8 as connections,
         count(*) filter (where state = 'active')::float8 as active,
         count(*) filter (where state like 'idle in transaction%')::float8 as idle_in_transaction,
         count(*) filter (where wait_event_type = 'Lock')::float8 as waiting_locks,
         count(*) filter (where not pg_has_role('pg_read_all_stats', 'usage') and not pg_has_role(usesysid, 'usage'))::float8
           as hidden
  from pg_stat_activity /* plimsoll_probe */
  where datid = $1 and usesysid is not null and pid <> pg_backend_pid() and application_name <> $2
    and coalesce(backend_type, 'client backend') = 'client backend'`

export interface DatabaseRow {
  readonly commits: number
  readonly rollbacks: number
  readonly blocks_read: number
  readonly blocks_hit: number
  readonly rows_returned: number
  readonly temp_bytes: number
  readonly deadlocks: number
  /** Bytes of write-ahead log since the cluster was made; null on a standby. */
  readonly wal: number | null
}

/** $1: the database's oid. */
export const databaseQuery = `
  select xact_commit::float8 as commits, xact_rollback::float8 as rollbacks, blks_read::float8 as blocks_read,
         blks_hit::float8 as blocks_hit, tup_returned::float8 as rows_returned, temp_bytes::float8 as temp_bytes,
         deadlocks::float8 as deadlocks,
         (case when pg_is_in_recovery() then null else pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0') end)::float8 as wal
  from pg_stat_database /* plimsoll_probe */ where datid = $1`

/** $1: the database's oid. Reads the size of every file of the database. */
export const sizeQuery = 'select /* plimsoll_probe */ pg_database_size($1::oid)::float8 as size'

export interface ExtensionRow {
  readonly schema: string
}

/** Where pg_stat_statements is, if it was created in the database that we are connected to. */
export const extensionQuery = `
  select quote_ident(nspname) as schema /* plimsoll_probe */
  from pg_extension join pg_namespace on pg_namespace.oid = extnamespace where extname = 'pg_stat_statements'`

/** Without texts, which Postgres would read from a file. $1: the database's oid, $2: ids to leave out. */
export const statementsQuery = (schema: string) => `
  select * from (
    select concat_ws(' ', userid, queryid, toplevel) as id, calls::float8 as calls, mean_exec_time as mean,
           stddev_exec_time as deviation, min_exec_time as min, max_exec_time as max
    from ${schema}.pg_stat_statements(false) /* plimsoll_probe */ where dbid = $1 and queryid is not null and calls > 0
  ) as statements where not id = any ($2)`

/** The ids of our own statements. */
export const ownStatementsQuery = (schema: string) => `
  select concat_ws(' ', userid, queryid, toplevel) as id
  from ${schema}.pg_stat_statements where query like '%plimsoll_probe%'`
