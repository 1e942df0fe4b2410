import { once } from 'node:events'
import { finished } from 'node:stream/promises'
import pg from 'pg'
import { from as copyFrom, to as copyTo } from 'pg-copy-streams'
import type { Migration } from '../src/database/migration-files.ts'
import { migrateUp } from '../src/database/migrations.ts'
import type { Header, Manifest } from './format.ts'
import { checkBackup, readBackup } from './read.ts'
import { RowTally } from './row-tally.ts'
import { copyOut, quoted, quotedList, readTables, settings, type Table } from './tables.ts'

/**
 * Brings a backup into an empty database: makes the schema that the backup had, loads and compares all rows in one
 * transaction, then migrates to what this harbor needs.
 * @throws {Error} when the backup is damaged, of a newer harbor, or the database is not empty: then nothing was changed
 */
export async function restoreBackup(file: string, url: string, known: readonly Migration[]): Promise<Manifest> {
  const { header, manifest } = await checkBackup(file)
  const migrations = migrationsOf(header, known)
  const client = new pg.Client({ connectionString: url, application_name: 'harbor restore', keepAlive: true })
  client.on('error', () => undefined)
  await client.connect()
  try {
    await client.query(settings)
    await refuseIfUsed(client)
    await migrateUp(url, migrations)
    await client.query('BEGIN')
    const tables = await readTables(client)
    await load(client, file, tables)
    await compare(client, tables, manifest)
    await client.query('COMMIT')
  } finally {
    await client.end().catch(() => undefined)
  }
  await migrateUp(url, known)
  return manifest
}

function migrationsOf({ migrations }: Header, known: readonly Migration[]): readonly Migration[] {
  return migrations.map(({ number, part, name, checksum }) => {
    const migration = known.find((candidate) => candidate.number === number)
    if (migration?.checksum === checksum) return migration
    throw new Error(
      `The backup was made with migration ${number} (${part}/${name}), which this harbor ` +
        `${migration ? 'has in another form' : 'does not know'}. Restore it with the harbor that made it, or a newer one.`,
    )
  })
}

async function refuseIfUsed(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ name: string }>(
    "SELECT relname AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' ORDER BY 1",
  )
  if (rows.length === 0) return
  throw new Error(
    `The database is not empty: it has ${rows.length} tables (${rows[0]?.name}, …). Make an empty one and restore into that.`,
  )
}

async function load(client: pg.Client, file: string, tables: readonly Table[]): Promise<void> {
  let loading: Loading | undefined
  for await (const item of readBackup(file)) {
    if (item.kind === 'table') {
      const table = tables.find(({ name }) => name === item.table.table)
      if (table === undefined)
        throw new Error(`The backup has a table ${item.table.table} that its migrations do not make.`)
      loading = await Loading.begin(client, { ...table, columns: item.table.columns })
    }
    if (item.kind === 'rows') await loading?.write(item.rows)
    if (item.kind === 'table-end') await loading?.end()
    if (item.kind === 'end') await setSequences(client, item.manifest)
  }
}

/** Rows on their way into a table. */
class Loading {
  readonly #client: pg.Client
  readonly #table: Table
  /** Where migrations left rows, those of the backup take their place, and come by way of another table. */
  readonly #isPrefilled: boolean
  readonly #copy: ReturnType<typeof copyFrom>

  private constructor(client: pg.Client, table: Table, isPrefilled: boolean) {
    this.#client = client
    this.#table = table
    this.#isPrefilled = isPrefilled
    const target = quoted(isPrefilled ? `incoming ${table.name}` : table.name)
    this.#copy = client.query(copyFrom(`COPY ${target} (${quotedList(table.columns)}) FROM STDIN`))
    // Seen by the next write, or by the end.
    this.#copy.on('error', () => undefined)
  }

  static async begin(client: pg.Client, table: Table): Promise<Loading> {
    const { rowCount } = await client.query(`SELECT FROM ${quoted(table.name)} LIMIT 1`)
    if (rowCount !== 0) {
      await client.query(
        `CREATE TEMP TABLE ${quoted(`incoming ${table.name}`)} (LIKE ${quoted(table.name)}) ON COMMIT DROP`,
      )
    }
    return new Loading(client, table, rowCount !== 0)
  }

  async write(rows: Buffer): Promise<void> {
    if (this.#copy.errored) throw this.#copy.errored
    if (!this.#copy.write(rows)) await once(this.#copy, 'drain')
  }

  async end(): Promise<void> {
    this.#copy.end()
    await finished(this.#copy)
    if (!this.#isPrefilled) return
    const { name, columns, key } = this.#table
    const others = columns.filter((column) => !key.includes(column))
    const change = others.map((column) => `${quoted(column)} = excluded.${quoted(column)}`).join(', ')
    await this.#client.query(
      `INSERT INTO ${quoted(name)} (${quotedList(columns)}) OVERRIDING SYSTEM VALUE
       SELECT ${quotedList(columns)} FROM ${quoted(`incoming ${name}`)}
       ON CONFLICT (${quotedList(key)}) DO ${change ? `UPDATE SET ${change}` : 'NOTHING'}`,
    )
  }
}

async function setSequences(client: pg.Client, { sequences }: Manifest): Promise<void> {
  for (const [name, last] of Object.entries(sequences)) {
    if (last !== null) await client.query('SELECT setval($1::regclass, $2)', [quoted(name), last])
  }
}

/** Reads every table again, as it is now, and compares it with the manifest. */
async function compare(client: pg.Client, tables: readonly Table[], manifest: Manifest): Promise<void> {
  for (const table of tables) {
    const tally = new RowTally()
    for await (const chunk of client.query(copyTo(copyOut(table))) as AsyncIterable<Buffer>) tally.add(chunk)
    const { rows, sha256 } = tally.end()
    const wanted = manifest.tables.find((summary) => summary.table === table.name)
    if (rows === wanted?.rows && sha256 === wanted.sha256) continue
    throw new Error(
      `After the restore ${table.name} has ${rows} rows, and not the ${wanted?.rows ?? 0} of the backup or not the same; it was taken back.`,
    )
  }
}
