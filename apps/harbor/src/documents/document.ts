import type { Entry } from '../fan-out/sequencer.ts'

export interface DocumentRow {
  readonly id: string
  readonly number: string
  readonly title: string
  readonly created_by: string
  readonly version: string
  readonly created_at: Date
}

export const columns = 'd.id, d.number, d.title, d.created_by, d.version, d.created_at'

export const told = (row: DocumentRow) => ({
  id: row.id,
  title: row.title,
  created_by: row.created_by,
  created_at: row.created_at.toISOString(),
})

/** A row of `document_operations` as pg gives it, with the ids of its document and author. */
export interface OperationRow {
  readonly document_id: string
  readonly version: string
  readonly user_id: string
  readonly client_id: string | null
  /** JSON. */
  readonly op: string
  readonly created_at: Date
}

/**
 * As clients see an operation: it leads from the version before to `version`. Joined rather than put together by a template,
 * whose parts would stay beside one another in memory, each with what says so.
 */
export const toEntry = (row: Omit<OperationRow, 'created_at' | 'version'>, version: number, at: number): Entry => ({
  seq: version,
  at,
  json: [
    `{"document_id":"${row.document_id}"`,
    `"version":${version}`,
    `"user_id":"${row.user_id}"`,
    `"client_id":${JSON.stringify(row.client_id)}`,
    `"op":${row.op}}`,
  ].join(','),
})
