import { createReadStream } from 'node:fs'
import { createGunzip } from 'node:zlib'
import { DamagedBackupError, format, type Header, type Manifest, type TableStart, type TableSummary } from './format.ts'
import { RowTally } from './row-tally.ts'

/** What a reader gets, in the order of the file: for each table a start, its rows in whole lines, and a summary. */
export type Item =
  | { readonly kind: 'header'; readonly header: Header }
  | { readonly kind: 'table'; readonly table: TableStart }
  | { readonly kind: 'rows'; readonly rows: Buffer }
  | { readonly kind: 'table-end'; readonly summary: TableSummary }
  | { readonly kind: 'end'; readonly manifest: Manifest }

/** In bytes; a value of a row is a megabyte at the most. */
const longestLine = 64 * 1024 * 1024
const newline = 10
const terminator = Buffer.from('\\.\n')
const rowsThenTerminator = Buffer.from('\n\\.\n')

/**
 * Reads a backup and checks it as it goes: its form, and the count and hash of each table's rows.
 * @throws {DamagedBackupError} when it is not what a harbor wrote, all of it
 */
export async function* readBackup(file: string): AsyncGenerator<Item> {
  let position: 'start' | 'between' | 'rows' | 'summary' | 'end' = 'start'
  let tally = new RowTally()
  let current = ''
  const tables: TableSummary[] = []

  const readLine = (value: Record<string, unknown>): Item => {
    if (position === 'start' && value['format'] === format && value['version'] === 1) {
      position = 'between'
      return { kind: 'header', header: value as unknown as Header }
    }
    if (position === 'between' && typeof value['table'] === 'string' && Array.isArray(value['columns'])) {
      position = 'rows'
      current = value['table']
      tally = new RowTally()
      return { kind: 'table', table: value as unknown as TableStart }
    }
    if (position === 'summary' && value['table'] === current) {
      const summary: TableSummary = { table: current, ...tally.end() }
      if (summary.rows !== value['rows'] || summary.sha256 !== value['sha256']) {
        throw new DamagedBackupError(`the rows of ${current} are not those that were written`)
      }
      position = 'between'
      tables.push(summary)
      return { kind: 'table-end', summary }
    }
    if (position === 'between' && value['end'] === true) {
      const manifest = value as unknown as Manifest
      if (JSON.stringify(manifest.tables) !== JSON.stringify(tables)) {
        throw new DamagedBackupError('its manifest does not fit its tables')
      }
      position = 'end'
      return { kind: 'end', manifest }
    }
    throw new DamagedBackupError(position === 'start' ? 'it is not a backup of harbor' : 'a line is out of place')
  }

  let rest: Buffer = Buffer.alloc(0)
  for await (const chunk of unpacked(file)) {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
    for (;;) {
      // What `readLine` assigns escapes the compiler's view of `position`.
      if ((position as string) === 'rows') {
        const { rows, used, isLast } = takeRows(rest)
        rest = rest.subarray(used)
        if (rows.length > 0) {
          tally.add(rows)
          yield { kind: 'rows', rows }
        }
        if (!isLast) break
        position = 'summary'
      } else {
        const end = rest.indexOf(newline)
        if (end === -1) break
        yield readLine(parse(rest.subarray(0, end)))
        rest = rest.subarray(end + 1)
      }
    }
    if (rest.length > longestLine) throw new DamagedBackupError('a line does not end')
  }
  if ((position as string) !== 'end' || rest.length > 0) throw new DamagedBackupError('its end is missing')
}

function takeRows(data: Buffer): { readonly rows: Buffer; readonly used: number; readonly isLast: boolean } {
  if (data.subarray(0, terminator.length).equals(terminator)) {
    return { rows: data.subarray(0, 0), used: terminator.length, isLast: true }
  }
  const last = data.indexOf(rowsThenTerminator)
  const end = (last === -1 ? data.lastIndexOf(newline) : last) + 1
  return { rows: data.subarray(0, end), used: last === -1 ? end : end + terminator.length, isLast: last !== -1 }
}

async function* unpacked(file: string): AsyncGenerator<Buffer> {
  const source = createReadStream(file)
  const gunzip = createGunzip()
  source.on('error', (error) => gunzip.destroy(error))
  try {
    yield* source.pipe(gunzip) as AsyncIterable<Buffer>
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException
    if (code.startsWith('Z_')) throw new DamagedBackupError(`it cannot be unpacked (${message})`, { cause: error })
    throw error
  } finally {
    source.destroy()
  }
}

function parse(line: Buffer): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(line.toString())
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>
  } catch {
    // Said below.
  }
  throw new DamagedBackupError('a line is out of place')
}

/** Reads all of it, so that nothing is begun that a damaged end would break off. */
export async function checkBackup(file: string): Promise<{ readonly header: Header; readonly manifest: Manifest }> {
  let header: Header | undefined
  let manifest: Manifest | undefined
  for await (const item of readBackup(file)) {
    if (item.kind === 'header') header = item.header
    if (item.kind === 'end') manifest = item.manifest
  }
  if (header === undefined || manifest === undefined) throw new DamagedBackupError('its end is missing')
  return { header, manifest }
}
