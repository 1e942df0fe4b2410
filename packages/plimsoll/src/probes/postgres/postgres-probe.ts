import type { Client } from 'pg'
import { PlimsollError } from '../../base/errors.ts'
import type { Probe } from '../probe.ts'
import { connectionUrl } from './connection-url.ts'
import { databaseRates, growth, queryFigures, sessionFigures } from './figures.ts'
import * as sql from './queries.ts'
import { findPostmaster, ServerProcesses } from './server-processes.ts'
import { longestSince, type StatementReading, statementsBetween } from './statements.ts'
import { postgresTrouble } from './trouble.ts'

export interface PostgresTarget {
  readonly url: string
  /** The database to watch when it is not the URL's own. */
  readonly database: string | undefined
}

/** Sizing a database looks at each of its files: not at every sample. */
const SIZE_EVERY = 10

interface Reading {
  readonly at: number
  readonly database: sql.DatabaseRow
  readonly statements: readonly StatementReading[]
}

/**
 * One database as Postgres (14 or newer) sees it, over one connection of its own, which counts itself out.
 *
 * | value | unit | |
 * |---|---|---|
 * | `connections`, `active`, `idle in transaction`, `waiting locks` | sessions | of clients |
 * | `commits`, `rollbacks`, `rows returned` | 1/s | the probe's own few a second included |
 * | `cache hit` | ratio | blocks found in shared buffers |
 * | `deadlocks` | | since the run's start |
 * | `temp bytes`, `wal` | B/s | `wal` of the whole server |
 * | `database size` | B | every tenth sample |
 * | `queries`, `query mean` | 1/s, ms | exact; these and the next two need pg_stat_statements |
 * | `query p95` | ms | an estimate: see `queryTimes` |
 * | `query max` | ms | the longest known since the run's start: see `longestSince` |
 * | `cpu`, `cores`, `disk read`, `disk write`, `disk` | as in the process probe | a server on this machine |
 */
export class PostgresProbe implements Probe {
  readonly name = 'postgres'
  readonly #target: PostgresTarget
  #gaps: string[] = []
  #where = 'the database'
  #client: Client | undefined
  #lost: Error | undefined
  #oid = ''
  #maySize = false
  #statementsSchema: string | undefined
  #ownStatements: readonly string[] = []
  #processes: ServerProcesses | undefined
  #samples = 0
  #deadlocks = 0
  #firstStatements: readonly StatementReading[] | undefined
  #last: Reading | undefined

  constructor(target: PostgresTarget) {
    this.#target = target
  }

  get gaps(): readonly string[] {
    return this.#gaps
  }

  async start(): Promise<void> {
    await this.stop()
    try {
      this.#client = await this.#connect()
      await this.#lookAround(this.#client)
      this.#last = await this.#read(this.#client)
      this.#firstStatements ??= this.#last.statements
    } catch (error) {
      await this.stop()
      throw postgresTrouble(error, this.#where)
    }
  }

  async sample(): Promise<Record<string, number>> {
    try {
      if (this.#client === undefined || this.#lost !== undefined) throw this.#lost ?? new Error('client was closed')
      return await this.#sample(this.#client)
    } catch (error) {
      throw postgresTrouble(error, this.#where)
    }
  }

  async stop(): Promise<void> {
    const client = this.#client
    this.#client = undefined
    this.#lost = undefined
    this.#processes = undefined
    await client?.end().catch(() => {})
  }

  async #connect(): Promise<Client> {
    const url = await connectionUrl(this.#target.url)
    if (url === '') {
      throw new PlimsollError('PROBE_FAILED', 'the postgres probe has no URL', {
        hint: "Give the plan `probes: { postgres: 'postgres://…' }`, or set the environment value that it reads.",
      })
    }
    const { default: pg } = await import('pg')
    const client = new pg.Client({
      connectionString: url,
      application_name: sql.APPLICATION_NAME,
      connectionTimeoutMillis: 4000,
      query_timeout: 4000,
    })
    this.#where = `${client.host}:${client.port}/${this.#target.database ?? client.database}`
    client.on('error', (error) => {
      this.#lost = error
    })
    await client.connect()
    await client.query('set statement_timeout = 1000')
    return client
  }

  /** What there is to watch, and what the role may see of it. */
  async #lookAround(client: Client): Promise<void> {
    const name = this.#target.database ?? client.database
    const server = await first<sql.ServerRow>(client, sql.serverQuery, [name])
    if (server === undefined || server.oid === null) throw Object.assign(new Error('no database'), { code: '3D000' })
    this.#oid = server.oid
    this.#maySize = server.may_size
    this.#gaps = []
    if (!server.may_see) {
      this.#gaps.push(
        `the role ${server.role} may not see what other roles do in ${this.#where}: ` +
          `sessions are counted, their states are not. GRANT pg_monitor TO ${server.role}.`,
      )
    }
    this.#statementsSchema = await this.#findStatements(client)
    const postmaster = await findPostmaster(client.host, client.port)
    this.#processes = postmaster === undefined ? undefined : new ServerProcesses(postmaster)
  }

  async #findStatements(client: Client): Promise<string | undefined> {
    try {
      const extension = await first<sql.ExtensionRow>(client, sql.extensionQuery)
      if (extension === undefined) throw new Error('the extension is not there')
      // Our own statements are found by their texts, so each must have been executed once.
      await client.query(sql.statementsQuery(extension.schema), [this.#oid, []])
      await first(client, sql.databaseQuery, [this.#oid])
      await this.#sessions(client)
      if (this.#maySize) await this.#size(client)
      const own = await client.query<{ id: string }>(sql.ownStatementsQuery(extension.schema))
      this.#ownStatements = own.rows.map(({ id }) => id)
      return extension.schema
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      this.#gaps.push(
        `query times of ${this.#where} are not known: no pg_stat_statements (${reason}). ` +
          "Set shared_preload_libraries = 'pg_stat_statements', restart Postgres, and CREATE EXTENSION pg_stat_statements.",
      )
      return undefined
    }
  }

  async #read(client: Client): Promise<Reading> {
    const database = await first<sql.DatabaseRow>(client, sql.databaseQuery, [this.#oid])
    if (database === undefined) throw Object.assign(new Error('no database'), { code: '3D000' })
    const at = performance.now()
    const schema = this.#statementsSchema
    if (schema === undefined) return { at, database, statements: [] }
    const { rows } = await client.query<StatementReading>(sql.statementsQuery(schema), [this.#oid, this.#ownStatements])
    return { at, database, statements: rows }
  }

  async #sample(client: Client): Promise<Record<string, number>> {
    const before = this.#last
    const now = await this.#read(client)
    this.#last = now
    const usage = this.#processes?.sample()
    const size = this.#maySize && this.#samples++ % SIZE_EVERY === 0 ? await this.#size(client) : undefined
    const sessions = await this.#sessions(client)
    if (before === undefined) return sessions
    const seconds = (now.at - before.at) / 1000
    const longest = longestSince(this.#firstStatements ?? [], now.statements)
    return {
      ...sessions,
      ...databaseRates(before.database, now.database, seconds),
      deadlocks: this.#countDeadlocks(before.database, now.database),
      ...queryFigures(statementsBetween(before.statements, now.statements), seconds),
      ...(longest !== undefined && { 'query max': longest }),
      ...(size !== undefined && { 'database size': size }),
      ...usage,
    }
  }

  async #sessions(client: Client): Promise<Record<string, number>> {
    const activity = await first<sql.ActivityRow>(client, sql.activityQuery, [this.#oid, sql.APPLICATION_NAME])
    return activity === undefined ? {} : sessionFigures(activity)
  }

  #countDeadlocks(before: sql.DatabaseRow, now: sql.DatabaseRow): number {
    this.#deadlocks += growth(before.deadlocks, now.deadlocks)
    return this.#deadlocks
  }

  async #size(client: Client): Promise<number | undefined> {
    // A large database on slow disks runs into the statement timeout: no size, and no trouble.
    const row = await first<{ size: number }>(client, sql.sizeQuery, [this.#oid]).catch(() => undefined)
    return row?.size
  }
}

async function first<Row extends object>(
  client: Client,
  text: string,
  values: unknown[] = [],
): Promise<Row | undefined> {
  const { rows } = await client.query<Row & Record<string, unknown>>(text, values)
  return rows[0]
}
