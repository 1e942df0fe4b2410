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
 * Reads an unpacked backup, however it is cut into chunks, and checks it as it goes: its form, and the count and hash of
 * each table's rows.
 * @throws {DamagedBackupError} when it is not what a harbor wrote, all of it
 */
export async function* readItems(chunks: AsyncIterable<Buffer> | Iterable<Buffer>): AsyncGenerator<Item> {
  const lines = new Lines()
  let rest: Buffer = Buffer.alloc(0)
  for await (const chunk of chunks) {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
    for (;;) {
      if (lines.expectsRows) {
        const { rows, used, isLast } = takeRows(rest)
        rest = rest.subarray(used)
        if (rows.length > 0) yield lines.takeRows(rows)
        if (!isLast) break
        lines.endRows()
      } else {
        const end = rest.indexOf(newline)
        if (end === -1) break
        yield lines.take(parse(rest.subarray(0, end)))
        rest = rest.subarray(end + 1)
      }
    }
    if (rest.length > longestLine) throw new DamagedBackupError('a line does not end')
  }
  if (!lines.isComplete || rest.length > 0) throw new DamagedBackupError('its end is missing')
}

/** Which line may come next. */
class Lines {
  #position: 'start' | 'between' | 'rows' | 'summary' | 'end' = 'start'
  #table = ''
  #tally = new RowTally()
  readonly #tables: TableSummary[] = []

  get expectsRows(): boolean {
    return this.#position === 'rows'
  }

  get isComplete(): boolean {
    return this.#position === 'end'
  }

  takeRows(rows: Buffer): Item {
    this.#tally.add(rows)
    return { kind: 'rows', rows }
  }

  endRows(): void {
    this.#position = 'summary'
  }

  take(line: Readonly<Record<string, unknown>>): Item {
    if (this.#position === 'start' && line['format'] === format && line['version'] === 1) {
      this.#position = 'between'
      return { kind: 'header', header: line as unknown as Header }
    }
    if (this.#position === 'between' && typeof line['table'] === 'string' && Array.isArray(line['columns'])) {
      this.#position = 'rows'
      this.#table = line['table']
      this.#tally = new RowTally()
      return { kind: 'table', table: line as unknown as TableStart }
    }
    if (this.#position === 'summary' && line['table'] === this.#table) return this.#summarize(line)
    if (this.#position === 'between' && line['end'] === true) return this.#end(line as unknown as Manifest)
    throw new DamagedBackupError(this.#position === 'start' ? 'it is not a backup of harbor' : 'a line is out of place')
  }

  #summarize(line: Readonly<Record<string, unknown>>): Item {
    const summary: TableSummary = { table: this.#table, ...this.#tally.end() }
    if (summary.rows !== line['rows'] || summary.sha256 !== line['sha256']) {
      throw new DamagedBackupError(`the rows of ${this.#table} are not those that were written`)
    }
    this.#position = 'between'
    this.#tables.push(summary)
    return { kind: 'table-end', summary }
  }

  #end(manifest: Manifest): Item {
    if (JSON.stringify(manifest.tables) !== JSON.stringify(this.#tables)) {
      throw new DamagedBackupError('its manifest does not fit its tables')
    }
    this.#position = 'end'
    return { kind: 'end', manifest }
  }
}

function takeRows(data: Buffer): { readonly rows: Buffer; readonly used: number; readonly isLast: boolean } {
  if (data.subarray(0, terminator.length).equals(terminator)) {
    return { rows: data.subarray(0, 0), used: terminator.length, isLast: true }
  }
  const last = data.indexOf(rowsThenTerminator)
  const end = (last === -1 ? data.lastIndexOf(newline) : last) + 1
  return { rows: data.subarray(0, end), used: last === -1 ? end : end + terminator.length, isLast: last !== -1 }
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
