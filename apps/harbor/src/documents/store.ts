import type { Pool } from 'pg'
import type { Log } from '../fan-out/channel.ts'
import { HttpError } from '../http/http-error.ts'
import { columns, type DocumentRow, type OperationRow, toEntry } from './document.ts'
import { applyAll, type Operation } from './text-operation.ts'

export interface Content {
  readonly version: number
  readonly content: string
}

export interface DocumentStore {
  readonly log: Log
  create(title: string, userId: string): Promise<DocumentRow>
  /** @throws {HttpError} 404 */
  get(id: string): Promise<DocumentRow>
  /** The number of the newest document. */
  newest(): Promise<string>
  page(after: number, limit: number): Promise<readonly DocumentRow[]>
  operations(id: string, after: number, limit: number): Promise<readonly OperationRow[]>
  /** The whole text, of a document that is there. */
  content(id: string): Promise<Content>
  /** Keeps the whole text, in place of an older one, so that the next one who opens it has fewer operations to read. */
  snapshot(id: string): Promise<void>
}

export function openStore(pool: Pool): DocumentStore {
  async function operations(id: string, after: number, limit: number | null): Promise<readonly OperationRow[]> {
    const { rows } = await pool.query<OperationRow>({
      name: 'document-operations',
      text: `
        SELECT d.id AS document_id, o.version, u.id AS user_id, o.client_id, o.op, o.created_at
        FROM documents d JOIN document_operations o ON o.document = d.number JOIN users u ON u.number = o.author
        WHERE d.id = $1 AND o.version > $2 ORDER BY o.version LIMIT $3`,
      values: [id, after, limit],
    })
    return rows
  }

  async function content(id: string): Promise<Content> {
    const { rows } = await pool.query<{ version: string; content: string }>({
      name: 'document-snapshot',
      text: `SELECT version, content FROM document_snapshots WHERE document_id = $1`,
      values: [id],
    })
    const from = Number(rows[0]?.version ?? 0)
    const newer = await operations(id, from, null)
    const changes = newer.map(({ op }) => JSON.parse(op) as Operation)
    return { version: Number(newer.at(-1)?.version ?? from), content: applyAll(rows[0]?.content ?? '', changes) }
  }

  return {
    content,
    operations,
    log: {
      async head(id) {
        const { rows } = await pool.query<{ version: string }>({
          name: 'document-head',
          text: 'SELECT version FROM documents WHERE id = $1',
          values: [id],
        })
        return Number(rows[0]?.version ?? 0)
      },
      async heads(ids) {
        const { rows } = await pool.query<{ id: string; version: string }>({
          name: 'document-heads',
          text: 'SELECT id, version FROM documents WHERE id = ANY($1)',
          values: [ids],
        })
        return new Map(rows.map(({ id, version }) => [id, Number(version)]))
      },
      async read(id, after, limit) {
        const rows = await operations(id, after, limit)
        return rows.map((row) => toEntry(row, Number(row.version), row.created_at.getTime()))
      },
    },
    async create(title, userId) {
      const { rows } = await pool.query<DocumentRow>({
        name: 'document-create',
        text: `WITH d AS (INSERT INTO documents (title, created_by) VALUES ($1, $2) RETURNING *) SELECT ${columns} FROM d`,
        values: [title, userId],
      })
      const [row] = rows
      if (row === undefined) throw new Error('a document was made and is not there')
      return row
    },
    async get(id) {
      const { rows } = await pool.query<DocumentRow>({
        name: 'document-get',
        text: `SELECT ${columns} FROM documents d WHERE id = $1`,
        values: [id],
      })
      const [row] = rows
      if (row === undefined) throw new HttpError(404, 'There is no such document.')
      return row
    },
    async newest() {
      const { rows } = await pool.query<{ newest: string | null }>({
        name: 'documents-version',
        text: 'SELECT max(number) AS newest FROM documents',
      })
      return rows[0]?.newest ?? '0'
    },
    async page(after, limit) {
      const { rows } = await pool.query<DocumentRow>({
        name: 'documents-page',
        text: `SELECT ${columns} FROM documents d WHERE number > $1 ORDER BY number LIMIT $2`,
        values: [after, limit],
      })
      return rows
    },
    async snapshot(id) {
      const { version, content: text } = await content(id)
      await pool.query({
        name: 'document-snapshot-insert',
        text: `
          INSERT INTO document_snapshots AS kept (document_id, version, content) VALUES ($1, $2, $3)
          ON CONFLICT (document_id) DO UPDATE SET version = excluded.version, content = excluded.content
          WHERE excluded.version > kept.version`,
        values: [id, version, text],
      })
    },
  }
}
