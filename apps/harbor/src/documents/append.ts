import type { Pool, PoolClient } from 'pg'
import type { Entry } from '../fan-out/sequencer.ts'
import { HttpError } from '../http/http-error.ts'
import { type OperationRow, toEntry } from './document.ts'
import { after, type Operation, reachOf } from './text-operation.ts'

export interface Submission {
  readonly documentId: string
  readonly userId: string
  /** The version that the author had. */
  readonly version: number
  readonly clientId: string | null
  readonly operation: Operation
  /** When it was accepted, in milliseconds since 1970. */
  readonly at: number
}

export interface Appended {
  readonly version: number
  /** Undefined for one that had been appended already. */
  readonly entry: Entry | undefined
}

interface Head {
  readonly id: string
  readonly number: string
  readonly version: string
  readonly length: string
}

interface State {
  /** The document's. */
  readonly number: string
  version: number
  length: number
  /** What was appended since the oldest version that a submission of this batch begins with. */
  readonly operations: (Pick<OperationRow, 'user_id' | 'client_id' | 'op'> & { readonly version: number })[]
}

/** In code points. */
const mostLength = 1_000_000
/** How many versions a submission may lie behind. */
const mostBehind = 10_000

/**
 * Appends a batch in one transaction of two round trips. Under the documents' locks, taken in the order of their ids, each
 * submission is brought past what was appended since the version that its author had.
 */
export async function append(
  writer: Pool,
  submissions: readonly Submission[],
): Promise<readonly (Appended | HttpError)[]> {
  const client = await writer.connect()
  try {
    const states = await lock(client, submissions)
    const fresh: Omit<OperationRow, 'created_at'>[] = []
    const outcomes = submissions.map((submission) => {
      const state = states.get(submission.documentId)
      if (state === undefined) return new HttpError(404, 'There is no such document.')
      const appended = place(submission, state)
      if (!(appended instanceof HttpError) && appended.row) fresh.push(appended.row)
      return appended instanceof HttpError ? appended : { version: appended.version, entry: appended.entry }
    })
    await store(client, fresh, states)
    client.release()
    return outcomes
  } catch (error) {
    // Closing the connection ends whatever its transaction was in.
    client.release(true)
    throw error
  }
}

async function lock(client: PoolClient, submissions: readonly Submission[]): Promise<ReadonlyMap<string, State>> {
  const oldest = new Map<string, number>()
  for (const { documentId, version } of submissions) {
    oldest.set(documentId, Math.min(version, oldest.get(documentId) ?? version))
  }
  const ids = [...oldest.keys()]
  const [, heads, operations] = await all([
    client.query('BEGIN'),
    client.query<Head>({
      name: 'documents-lock',
      text: 'SELECT id, number, version, length FROM documents WHERE id = ANY($1) ORDER BY id FOR NO KEY UPDATE',
      values: [ids],
    }),
    // A statement of its own, so that it sees what was committed while this one waited for the locks.
    client.query<OperationRow>({
      name: 'documents-since',
      text: `
        SELECT d.id AS document_id, o.version, u.id AS user_id, o.client_id, o.op
        FROM unnest($1::uuid[], $2::bigint[]) AS since (id, version)
        JOIN documents d ON d.id = since.id
        JOIN document_operations o ON o.document = d.number AND o.version > greatest(since.version, d.version - ${mostBehind})
        JOIN users u ON u.number = o.author
        ORDER BY o.document, o.version`,
      values: [ids, [...oldest.values()]],
    }),
  ])
  const states = new Map<string, State>(
    heads.rows.map(({ id, number, version, length }) => [
      id,
      { number, version: Number(version), length: Number(length), operations: [] },
    ]),
  )
  for (const { document_id, version, user_id, client_id, op } of operations.rows) {
    states.get(document_id)?.operations.push({ version: Number(version), user_id, client_id, op })
  }
  return states
}

function place(submission: Submission, state: State) {
  const { documentId, userId, clientId, version: base, at } = submission
  if (base > state.version) return new HttpError(400, `The document is at version ${state.version} yet.`)
  if (base < state.version - mostBehind) {
    return new HttpError(409, `That is more than ${mostBehind} versions behind: open the document anew.`)
  }
  const since = state.operations.filter(({ version }) => version > base)
  // Who has not seen its own operation sends it again; who has seen it may use the same name for another.
  const own =
    clientId === null ? undefined : since.find((each) => each.client_id === clientId && each.user_id === userId)
  if (own) return { version: own.version, entry: undefined, row: undefined }

  let operation = submission.operation
  for (const { op } of since) operation = after(operation, JSON.parse(op) as Operation)
  const { needs, grows } = reachOf(operation)
  if (needs > state.length) return new HttpError(400, 'The operation reaches beyond the end of the document.')
  if (state.length + grows > mostLength)
    return new HttpError(413, `A document has ${mostLength} characters at the most.`)
  state.version += 1
  state.length += grows
  const { version } = state
  const shared = { user_id: userId, client_id: clientId, op: JSON.stringify(operation) }
  state.operations.push({ version, ...shared })
  const row = { document_id: documentId, version: String(version), ...shared }
  return { version, entry: toEntry(row, version, at), row }
}

async function store(
  client: PoolClient,
  rows: readonly Omit<OperationRow, 'created_at'>[],
  states: ReadonlyMap<string, State>,
): Promise<void> {
  const changed = [...states].filter(([id]) => rows.some(({ document_id }) => document_id === id))
  const [, , commit] = await all([
    client.query({
      name: 'document-operations-insert',
      text: `
        INSERT INTO document_operations (document, version, author, client_id, op)
        SELECT n.document, n.version, u.number, n.client_id, n.op
        FROM unnest($1::bigint[], $2::bigint[], $3::uuid[], $4::text[], $5::text[])
          AS n (document, version, user_id, client_id, op)
        LEFT JOIN users u ON u.id = n.user_id`,
      values: [
        rows.map(({ document_id }) => states.get(document_id)?.number),
        rows.map(({ version }) => version),
        rows.map(({ user_id }) => user_id),
        rows.map(({ client_id }) => client_id),
        rows.map(({ op }) => op),
      ],
    }),
    client.query({
      name: 'documents-advance',
      text: `
        UPDATE documents d SET version = s.version, length = s.length
        FROM unnest($1::uuid[], $2::bigint[], $3::bigint[]) AS s (id, version, length) WHERE d.id = s.id`,
      values: [
        changed.map(([id]) => id),
        changed.map(([, { version }]) => version),
        changed.map(([, { length }]) => length),
      ],
    }),
    client.query('COMMIT'),
  ])
  // Postgres answers the COMMIT of a failed transaction with a ROLLBACK that is no error.
  if (commit.command !== 'COMMIT') throw new Error(`the operations' transaction ended with ${commit.command}`)
}

/** Like `Promise.all`, but settled as a whole: no query of a failed round trip is left behind unobserved. */
async function all<T extends readonly unknown[]>(queries: { [K in keyof T]: Promise<T[K]> }): Promise<T> {
  await Promise.allSettled(queries)
  return (await Promise.all(queries)) as unknown as T
}
