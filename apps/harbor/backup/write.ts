import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { open, rename, rm } from 'node:fs/promises'
import type { Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import pg from 'pg'
import { to as copyTo } from 'pg-copy-streams'
import { format, type Header, type Manifest, type MigrationRecord, type TableSummary } from './format.ts'
import { RowTally } from './row-tally.ts'
import { copyOut, readSequences, readTables, settings, type Table } from './tables.ts'

/**
 * Writes all tables as they are at one moment, while others go on writing. The file is readable by its owner only, and
 * there when it is whole.
 */
export async function writeBackup(url: string, file: string): Promise<Manifest> {
  const client = new pg.Client({ connectionString: url, application_name: 'harbor backup', keepAlive: true })
  client.on('error', () => undefined)
  await client.connect()
  const draft = `${file}.partial`
  try {
    const gzip = createGzip()
    // Rejects, and destroys both streams, when either fails: whoever writes then gets that error.
    const written = pipeline(gzip, createWriteStream(draft, { mode: 0o600 }))
    const [manifest] = await Promise.all([writeSnapshot(client, gzip), written])
    await flush(draft)
    await rename(draft, file)
    return manifest
  } catch (error) {
    await rm(draft, { force: true })
    throw error
  } finally {
    await client.end().catch(() => undefined)
  }
}

async function writeSnapshot(client: pg.Client, out: Writable): Promise<Manifest> {
  try {
    await client.query(settings)
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY')
    const header: Header = {
      format,
      version: 1,
      created_at: new Date().toISOString(),
      migrations: await applied(client),
    }
    await writeLine(out, header)
    const tables: TableSummary[] = []
    for (const table of await readTables(client)) tables.push(await writeTable(client, table, out))
    const manifest: Manifest = { end: true, tables, sequences: await readSequences(client) }
    await writeLine(out, manifest)
    await client.query('COMMIT')
    out.end()
    return manifest
  } catch (error) {
    out.destroy(error as Error)
    throw error
  }
}

async function applied(client: pg.Client): Promise<readonly MigrationRecord[]> {
  const { rows } = await client.query<MigrationRecord>(
    'SELECT number, part, name, checksum FROM harbor_migrations ORDER BY number',
  )
  return rows
}

async function writeTable(client: pg.Client, table: Table, out: Writable): Promise<TableSummary> {
  await writeLine(out, { table: table.name, columns: table.columns })
  const tally = new RowTally()
  for await (const chunk of client.query(copyTo(copyOut(table))) as AsyncIterable<Buffer>) {
    tally.add(chunk)
    await write(out, chunk)
  }
  await write(out, '\\.\n')
  const summary = { table: table.name, ...tally.end() }
  await writeLine(out, summary)
  return summary
}

const writeLine = (out: Writable, value: object): Promise<void> => write(out, `${JSON.stringify(value)}\n`)

async function write(out: Writable, chunk: Buffer | string): Promise<void> {
  if (out.destroyed) throw out.errored ?? new Error('The backup could not be written.')
  if (!out.write(chunk)) await once(out, 'drain')
}

async function flush(file: string): Promise<void> {
  const handle = await open(file, 'r+')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
