import pg from 'pg'
import type { Logger } from 'pino'
import { CircuitBreaker } from '../resilience/circuit-breaker.ts'
import { toPrimary } from './primary-client.ts'
import { type Read, type ReplicaOutcome, readsFrom } from './replica.ts'
import { watchLag } from './replica-lag.ts'
import { type QueryObserver, watch } from './watched-pool.ts'

export interface Database {
  /** For reads and single statements. */
  readonly pool: pg.Pool
  /** One connection that takes several statements in one round trip; for whoever writes in batches. */
  readonly writer: pg.Pool
  /** For lists, history and searches, whose readers did not write just now what they look for. */
  readonly read: Read
  connections(): Connections
  /** In seconds: how far the replica is behind; undefined when there is none. */
  replicaLag(): number | undefined
  close(): Promise<void>
}

export interface Connections {
  readonly open: number
  readonly active: number
  /** Requests that wait for a connection. */
  readonly waiting: number
  readonly most: number
}

interface Replica {
  readonly url: string
  /** In milliseconds: when it is further behind, it is not read from. */
  readonly mostLag: number
  readonly observe: (outcome: ReplicaOutcome) => void
}

interface Options {
  /** Of this instance to the primary, over both pools; 2 or more. As many, less one, to the replica. */
  readonly connections: number
  readonly log: Logger
  readonly observe: QueryObserver
  readonly replica?: Replica | undefined
  /**
   * In milliseconds: how long a request waits for a free connection, a statement for its answer, and a connection that
   * nobody uses until it is let go.
   */
  readonly connectTimeout?: number
  readonly statementTimeout?: number
  readonly idleTimeout?: number
}

/** Opens no connection yet; a database that is away is noticed, and survived, at each use. */
export function openDatabase(url: string, options: Options): Database {
  const { connections, log, observe, replica } = options
  const { connectTimeout = 2_000, statementTimeout = 5_000, idleTimeout = 10_000 } = options
  const shared: pg.PoolConfig = {
    ...toPrimary(url, {
      timeout: connectTimeout,
      onMove: ({ host, port }) => log.warn({ host, port }, 'another Postgres is the primary now'),
    }),
    application_name: 'harbor',
    connectionTimeoutMillis: connectTimeout,
    idleTimeoutMillis: idleTimeout,
    keepAlive: true,
    statement_timeout: statementTimeout,
    // Postgres ends slow statements itself; this is for a Postgres that hangs.
    query_timeout: statementTimeout + 1_000,
  }
  const breaker = new CircuitBreaker({
    name: 'Postgres',
    onChange: (open) => log.warn(open ? 'Postgres is away: requests that need it get 503' : 'Postgres is back'),
  })
  const replicaBreaker = new CircuitBreaker({
    name: 'the replica',
    onChange: (open) => log.warn(open ? 'the replica is away: the primary is asked instead' : 'the replica is back'),
  })
  let closing = false
  /** A connection that breaks, idle or in use, is an event and not the end of the process. */
  const guarded = (pool: pg.Pool, by = breaker): pg.Pool => {
    const lost = (error: Error) => {
      if (!closing) log.warn({ err: error }, 'a database connection was lost')
    }
    pool.on('error', lost).on('connect', (client) => client.on('error', () => undefined))
    return watch(pool, by, observe)
  }
  const pool = guarded(new pg.Pool({ ...shared, max: connections - 1 }))
  const writer = guarded(
    new pg.Pool({
      ...shared,
      max: 1,
      pipeline: true,
      // An instance that froze while it held a lock does not hold up the others for longer.
      idle_in_transaction_session_timeout: 2_000,
    } as pg.PoolConfig),
  )
  const standby =
    replica &&
    guarded(
      new pg.Pool({
        ...shared,
        Client: pg.Client,
        connectionString: replica.url,
        max: connections - 1,
        // The primary is there for whoever would wait.
        connectionTimeoutMillis: Math.min(connectTimeout, 500),
      }),
      replicaBreaker,
    )
  // Often enough to see it soon, and no more than each second.
  const watched =
    standby && watchLag({ primary: pool, replica: standby }, Math.min(Math.max(replica.mostLag / 4, 50), 1_000))
  const pools = [pool, writer]
  const sum = (count: (of: pg.Pool) => number) => pools.reduce((total, each) => total + count(each), 0)
  return {
    pool,
    writer,
    read: readsFrom({
      primary: pool,
      replica: standby,
      isLate: () => replica !== undefined && watched !== undefined && watched.lag.milliseconds > replica.mostLag,
      observe: (outcome) => replica?.observe(outcome),
    }),
    replicaLag: () => watched && watched.lag.milliseconds / 1000,
    connections: () => ({
      open: sum(({ totalCount }) => totalCount),
      active: sum(({ totalCount, idleCount }) => totalCount - idleCount),
      waiting: sum(({ waitingCount }) => waitingCount),
      most: connections,
    }),
    close: async () => {
      closing = true
      watched?.stop()
      await Promise.all([pool.end(), writer.end(), standby?.end()])
    },
  }
}
