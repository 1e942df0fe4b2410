import type { AddressInfo } from 'node:net'
import { pino } from 'pino'
import { createApp } from '../../src/app.ts'
import { openDatabase } from '../../src/database/database.ts'
import { readMigrations } from '../../src/database/migration-files.ts'
import { migrateUp } from '../../src/database/migrations.ts'
import { readEnvironment } from '../../src/environment.ts'
import type { ErrorEnvelope } from '../../src/http/http-error.ts'
import { createMetrics } from '../../src/metrics/metrics.ts'
import { openRedis } from '../../src/redis/redis.ts'

export const migrations = await readMigrations(new URL('../../src/', import.meta.url))

export const secret = 'a secret for tests, of 32 bytes or more'

export interface Answer<Body> {
  readonly status: number
  readonly headers: Headers
  readonly body: Body
}

export interface LockedProof {
  readonly proof_id: string
  readonly sequence: number
  readonly hash: string
  readonly previous_hash: string
  readonly locked_at: string
}

export interface Entry extends LockedProof {
  readonly device_id: string
  readonly capture_id: string
  readonly proof_hash: string
  readonly metadata: unknown
}

export interface Page {
  readonly entries: readonly Entry[]
  readonly next: number | null
}

export interface Verification {
  readonly valid: boolean
  readonly checked: number
  readonly first_broken: number | null
}

interface InstanceOptions {
  readonly connectTimeout?: number
  readonly statementTimeout?: number
  /** As in docs/harbor.md; limits are out of the way if not given. */
  readonly environment?: Readonly<Record<string, string>>
}

/** A harbor in this process, on a port of its own, with connections of its own. */
export async function startInstance(
  databaseUrl: string,
  { environment: variables, ...timeouts }: InstanceOptions = {},
) {
  await migrateUp(databaseUrl, migrations)
  const log = pino({ level: 'silent' })
  const environment = readEnvironment({ HARBOR_RATE_LIMIT: '1000000', ...variables })
  const metrics = createMetrics()
  const replicaUrl = environment.databaseReplicaUrl
  const replica = replicaUrl
    ? { url: replicaUrl, mostLag: environment.mostReplicaLag, observe: metrics.replicaRead }
    : undefined
  const database = openDatabase(databaseUrl, { connections: 5, log, observe: metrics.query, replica, ...timeouts })
  const redis = openRedis(environment.redisUrl, { log, observer: metrics.redis })
  const schemaVersion = migrations.at(-1)?.number ?? 0
  const app = await createApp({ environment, secret, schemaVersion, database, redis, metrics, log })
  await app.listen({ host: '127.0.0.1', port: 0 })
  const { port } = app.server.address() as AddressInfo
  return {
    app,
    metrics,
    url: `http://127.0.0.1:${port}`,
    port,
    ...client(`http://127.0.0.1:${port}`),
    async close() {
      await app.close()
      await redis.close()
      await database.close()
    },
  }
}

export type Instance = Awaited<ReturnType<typeof startInstance>>

/** What devices say to a harbor. */
export function client(url: string) {
  async function send<Body = ErrorEnvelope>(
    method: string,
    path: string,
    options: RequestInit = {},
  ): Promise<Answer<Body>> {
    const response = await fetch(url + path, { method, ...options })
    const text = await response.text()
    return { status: response.status, headers: response.headers, body: (text ? JSON.parse(text) : undefined) as Body }
  }
  const json = (body: unknown, token?: string): RequestInit => ({
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
  })
  const bearing = (token: string): RequestInit => ({ headers: { authorization: `Bearer ${token}` } })

  return {
    send,
    json,
    async enroll(device: string): Promise<string> {
      const body = { device_id: device, device_token: `token of ${device}`, device_name: 'Test', os_version: '17.1' }
      return (await send<{ enrollment_token: string }>('POST', '/device/enroll', json(body))).body.enrollment_token
    },
    lock: (token: string, capture: string, data = 'data', metadata: unknown = {}) =>
      send<LockedProof>('POST', '/lock-proof', json({ capture_id: capture, proof_data: data, metadata }, token)),
    entries: (token: string, query = '') => send<Page>('GET', `/ledger/entries${query}`, bearing(token)),
    verify: (query = '') => send<Verification>('GET', `/ledger/verify${query}`),
    /** All entries, page by page. */
    async walk(token: string, limit = 100): Promise<readonly Entry[]> {
      const all: Entry[] = []
      for (let after: number | null = 0; after !== null; ) {
        const page: Answer<Page> = await send<Page>(
          'GET',
          `/ledger/entries?after=${after}&limit=${limit}`,
          bearing(token),
        )
        all.push(...page.body.entries)
        after = page.body.next
      }
      return all
    },
  }
}
