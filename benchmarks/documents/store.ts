import { pathToFileURL } from 'node:url'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import pg from 'pg'
import { append as appendMessages } from '../../apps/harbor/src/chat/messages/append.ts'
import { toEntry } from '../../apps/harbor/src/chat/messages/message.ts'
import { readMigrations } from '../../apps/harbor/src/database/migration-files.ts'
import { migrateUp } from '../../apps/harbor/src/database/migrations.ts'
import { append as appendOperations } from '../../apps/harbor/src/documents/append.ts'
import { Channels } from '../../apps/harbor/src/fan-out/channels.ts'
import type { Entry } from '../../apps/harbor/src/fan-out/sequencer.ts'
import { createLog } from '../../apps/harbor/src/log.ts'
import { openRedis } from '../../apps/harbor/src/redis/redis.ts'
import { newClientId } from '../../apps/harbor/web/src/state/client-id.ts'
import { Postgres } from '../harbor/postgres.ts'
import { inBenchmarks } from '../harness/paths.ts'
import { wait } from '../harness/wait.ts'
import { edits, message, text } from './typing.ts'

/** In bytes. */
export interface Stored {
  /** Heap, index and what lies beside the heap, after VACUUM. */
  readonly onDisk: number
  /** Of those that an instance has ready for who comes back, and a share of what each document or room takes by itself. */
  readonly inMemory: number
}

export interface Round {
  readonly operation: Stored
  readonly message: Stored
  /** Of an instance, all documents and rooms together. */
  readonly active: number
}

/** Of each document and room: some of what went through it, half a block of the newest over the 500. */
const WRITTEN = 1_025
export const READY = 525
const BATCH = 205

const logger = createLog('silent')
const silent = { command: () => undefined, failure: () => undefined }

/** So many documents of 100 KB and so many rooms, with one user in each, by way of harbor's own statements and channels. */
export async function fillStore(count: number, core: number | undefined): Promise<Round> {
  const postgres = await Postgres.start(core)
  const pool = new pg.Pool({ connectionString: postgres.url, max: 1, pipeline: true } as pg.PoolConfig)
  // Postgres may end before a connection that was let go is closed.
  pool.on('error', () => undefined)
  try {
    await migrateUp(postgres.url, await readMigrations(pathToFileURL(inBenchmarks('../apps/harbor/src/'))))
    return await fill(pool, count)
  } finally {
    await pool.end()
    await postgres.stop()
  }
}

async function fill(pool: pg.Pool, count: number): Promise<Round> {
  const userId = await one(
    pool,
    `INSERT INTO users (number, email, password_hash, name, role) VALUES (1, 'a@b.c', 'x', 'n', 'member') RETURNING id`,
  )
  const redis = openRedis(undefined, { log: logger, observer: silent })
  const log = { head: async () => 0, heads: async () => new Map<string, number>(), read: async () => [] }
  const documents = new Channels({ name: 'document', event: 'doc:op', log, redis, logger })
  const rooms = new Channels({ name: 'room', event: 'message', log, redis, logger })
  // What only the first ones cost is not the store's: code, statements, the connection.
  for (let n = 0; n < count / 2; n++) await fillDocument(pool, documents, userId, n)
  for (let n = 0; n < count / 2; n++) await fillRoom(pool, rooms, userId, n)
  const empty = await used()
  for (let n = 0; n < count; n++) await fillDocument(pool, documents, userId, n)
  const withDocuments = await used()
  for (let n = 0; n < count; n++) await fillRoom(pool, rooms, userId, n)
  const withRooms = await used()
  documents.close()
  rooms.close()
  return {
    operation: {
      onDisk: await onDisk(pool, 'document_operations'),
      inMemory: (withDocuments - empty) / (count * READY),
    },
    message: { onDisk: await onDisk(pool, 'messages'), inMemory: (withRooms - withDocuments) / (count * READY) },
    active: withRooms - empty,
  }
}

async function fillDocument(pool: pg.Pool, channels: Channels, userId: string, n: number): Promise<void> {
  const documentId = await one(pool, `INSERT INTO documents (title, created_by) VALUES ('t', $1) RETURNING id`, userId)
  const operations = [[text], ...edits(WRITTEN, n * WRITTEN)]
  const shared = { documentId, userId, at: Date.now() }
  const submit = async (from: number, to: number) => {
    const batch = operations.slice(from, to).map((operation, index) => {
      return { ...shared, version: from + index, clientId: newClientId(), operation }
    })
    return (await appendOperations(pool, batch)).flatMap((outcome) =>
      'entry' in outcome && outcome.entry ? [outcome.entry] : [],
    )
  }
  // The text itself is no edit: it is there before anyone comes.
  const [first] = await submit(0, 1)
  await enter(channels, documentId, userId, first)
  for (let from = 1; from <= WRITTEN; from += BATCH) channels.publish(documentId, await submit(from, from + BATCH))
}

async function fillRoom(pool: pg.Pool, channels: Channels, userId: string, n: number): Promise<void> {
  const roomId = await one(
    pool,
    `INSERT INTO rooms (kind, name, created_by) VALUES ('room', 'r', $1) RETURNING id`,
    userId,
  )
  await pool.query('INSERT INTO room_members (room_id, user_id) VALUES ($1, $2)', [roomId, userId])
  await enter(channels, roomId, userId, undefined)
  for (let from = 0; from < WRITTEN; from += BATCH) {
    const drafts = Array.from({ length: BATCH }, (_, index) => ({
      ...{ roomId, senderId: userId, clientId: newClientId(), encrypted: false, at: Date.now() },
      content: message(n * WRITTEN + from + index),
    }))
    const stored = await appendMessages(pool, drafts)
    channels.publish(
      roomId,
      stored.flatMap((outcome) => ('fresh' in outcome ? [toEntry(outcome.message)] : [])),
    )
  }
}

async function enter(channels: Channels, id: string, userId: string, first: Entry | undefined): Promise<void> {
  await channels.join(id, { batch: false, userId, write: () => undefined }, undefined, () => undefined)
  if (first) channels.publish(id, [first])
}

async function one(pool: pg.Pool, statement: string, ...values: readonly string[]): Promise<string> {
  const { rows } = await pool.query<{ id: string }>(statement, [...values])
  const [row] = rows
  if (row === undefined) throw new Error('nothing was made')
  return row.id
}

async function onDisk(pool: pg.Pool, name: string): Promise<number> {
  await pool.query(`VACUUM ${name}`)
  const { rows } = await pool.query<{ bytes: number }>(
    `SELECT pg_total_relation_size('${name}')::float / count(*) AS bytes FROM ${name}`,
  )
  return rows[0]?.bytes ?? Number.NaN
}

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

/** Bytes that are alive. What is found dead outside the heap is given back by and by. */
async function used(): Promise<number> {
  for (let time = 0; time < 3; time++) {
    collect()
    await wait(0.1)
  }
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}
