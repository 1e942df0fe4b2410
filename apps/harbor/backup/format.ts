import type { Migration } from '../src/database/migration-files.ts'

/**
 * A backup is a gzip of lines: a header, then for each table a line that names it, its rows as Postgres's `COPY` writes
 * them in text form, the line `\.`, and a line that counts and hashes the rows; at the end the manifest. `zcat` shows it.
 */
export interface Header {
  readonly format: typeof format
  readonly version: 1
  readonly created_at: string
  /** Those that made the schema, in order. */
  readonly migrations: readonly MigrationRecord[]
}

export type MigrationRecord = Pick<Migration, 'number' | 'part' | 'name' | 'checksum'>

export interface TableStart {
  readonly table: string
  readonly columns: readonly string[]
}

export interface TableSummary {
  readonly table: string
  readonly rows: number
  /** SHA-256, in hex, of the rows in the order of the primary key, line ends included. */
  readonly sha256: string
}

export interface Manifest {
  readonly end: true
  readonly tables: readonly TableSummary[]
  /** Of each sequence, the number given last; null when it gave none. */
  readonly sequences: Readonly<Record<string, string | null>>
}

export const format = 'harbor-backup'

/** A backup that cannot be what a harbor wrote. The message is for whoever holds it. */
export class DamagedBackupError extends Error {
  constructor(what: string, options?: ErrorOptions) {
    super(`The backup is damaged: ${what}. Take another one; nothing was restored from this.`, options)
    this.name = 'DamagedBackupError'
  }
}
