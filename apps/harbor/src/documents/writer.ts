import type { Pool } from 'pg'
import type { Logger } from 'pino'
import { GroupCommit } from '../database/group-commit.ts'
import { isUnavailable } from '../database/unavailable.ts'
import type { Channels } from '../fan-out/channels.ts'
import type { Entry } from '../fan-out/sequencer.ts'
import { HttpError, unavailable } from '../http/http-error.ts'
import { type Appended, append, type Submission } from './append.ts'
import type { DocumentStore } from './store.ts'

export interface OperationWriter {
  /** Resolves with the operation's version when it is committed. @throws {HttpError} 400, 404, 409, 413, 503 */
  submit(submission: Submission): Promise<number>
  close(): Promise<void>
}

interface Options {
  readonly writer: Pool
  readonly channels: Channels
  readonly store: DocumentStore
  readonly log: Logger
}

/** Operations between two snapshots. */
const snapshotEvery = 256

const limits = { maxBatch: 200, maxWaiting: 5_000, maxWaitingBytes: 32 * 1024 * 1024 }

export function operationWriter({ writer, channels, store, log }: Options): OperationWriter {
  const snapshots = new Set<Promise<void>>()

  function keepSnapshot(id: string): void {
    const snapshot = store.snapshot(id).catch((error: unknown) => {
      // Another operation makes the next one.
      if (!isUnavailable(error)) log.error({ err: error, document: id }, 'no snapshot of a document')
    })
    snapshots.add(snapshot)
    void snapshot.then(() => snapshots.delete(snapshot))
  }

  /** Only what is committed is told to anyone. */
  function tell(submissions: readonly Submission[], outcomes: readonly (Appended | HttpError)[]): void {
    const documents = new Map<string, Entry[]>()
    for (const [index, outcome] of outcomes.entries()) {
      const id = submissions[index]?.documentId
      if (id === undefined || outcome instanceof HttpError || outcome.entry === undefined) continue
      const entries = documents.get(id)
      if (entries) entries.push(outcome.entry)
      else documents.set(id, [outcome.entry])
      if (outcome.version % snapshotEvery === 0) keepSnapshot(id)
    }
    for (const [id, entries] of documents) channels.publish(id, entries)
  }

  const commits = new GroupCommit<Submission, Appended>({
    ...limits,
    commit: async (submissions) => {
      const outcomes = await append(writer, submissions)
      tell(submissions, outcomes)
      return outcomes
    },
    concernsAll: isUnavailable,
    refuse: () => unavailable('Too many operations are waiting here.'),
  })

  return {
    submit: async (submission) =>
      (await commits.submit(submission, JSON.stringify(submission.operation).length)).version,
    async close() {
      await commits.idle()
      await Promise.all(snapshots)
    },
  }
}
