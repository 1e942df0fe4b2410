import type { Pool } from 'pg'
import { type EventKind, eventKinds, type SecurityEvent, type Severity } from './security-event.ts'

export interface StoredEvent {
  readonly id: number
  readonly kind: EventKind
  readonly severity: Severity
  readonly occurredAt: Date
  readonly userId: string | undefined
  readonly address: string | undefined
  readonly details: Readonly<Record<string, string | number>>
}

export interface Seen {
  readonly event: SecurityEvent
  readonly at: Date
}

interface Filter {
  readonly severity?: Severity | undefined
  readonly userId?: string | undefined
}

interface Row {
  readonly id: string
  readonly kind: EventKind
  readonly severity: Severity
  readonly occurred_at: Date
  readonly user_id: string | null
  readonly address: string | null
  readonly details: Readonly<Record<string, string | number>>
}

export async function insertEvents(pool: Pool, seen: readonly Seen[]): Promise<void> {
  await pool.query({
    name: 'security-events-insert',
    text: `
      INSERT INTO security_events (occurred_at, kind, severity, user_id, address, details)
      SELECT * FROM unnest($1::timestamptz[], $2::text[], $3::text[], $4::uuid[], $5::text[], $6::jsonb[])`,
    values: [
      seen.map(({ at }) => at.toISOString()),
      seen.map(({ event }) => event.kind),
      seen.map(({ event }) => eventKinds[event.kind]),
      seen.map(({ event }) => event.userId ?? null),
      seen.map(({ event }) => event.address ?? null),
      seen.map(({ event }) => JSON.stringify(event.details ?? {})),
    ],
  })
}

/** Newest first, with ids below `before`. */
export async function readEvents(
  pool: Pool,
  { severity, userId }: Filter,
  before: number,
  limit: number,
): Promise<readonly StoredEvent[]> {
  // A statement for each filter, so that each has the plan with its index.
  const values: unknown[] = [before, limit]
  const conditions = ['id < $1']
  if (severity !== undefined) conditions.push(`severity = $${values.push(severity)}`)
  if (userId !== undefined) conditions.push(`user_id = $${values.push(userId)}`)
  const { rows } = await pool.query<Row>({
    name: `security-events${severity === undefined ? '' : '-severity'}${userId === undefined ? '' : '-user'}`,
    text: `SELECT id, kind, severity, occurred_at, user_id, address, details FROM security_events
           WHERE ${conditions.join(' AND ')} ORDER BY id DESC LIMIT $2`,
    values,
  })
  return rows.map((row) => ({
    id: Number(row.id),
    kind: row.kind,
    severity: row.severity,
    occurredAt: row.occurred_at,
    userId: row.user_id ?? undefined,
    address: row.address ?? undefined,
    details: row.details,
  }))
}
