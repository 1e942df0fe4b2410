import type { Database } from '../database/database.ts'
import type { Redis } from '../redis/redis.ts'

/** A thing that must work for this instance to serve: resolves when it does, rejects with the reason when not. */
export interface ReadinessCheck {
  readonly name: string
  check(): Promise<unknown>
}

interface Options {
  readonly database: Database
  readonly redis: Redis
  readonly schemaVersion: number
}

export function readinessChecks({ database, redis, schemaVersion }: Options): readonly ReadinessCheck[] {
  return [
    { name: 'postgres', check: () => database.pool.query({ name: 'ready', text: 'SELECT 1' }) },
    { name: 'migrations', check: () => isMigrated(database, schemaVersion) },
    {
      name: 'redis',
      check: async () => {
        if (!redis.isReady()) throw new Error('Redis is away')
        await redis.store.get('harbor:ready')
      },
    },
  ]
}

async function isMigrated({ pool }: Database, schemaVersion: number): Promise<void> {
  const { rows } = await pool.query<{ newest: number | null }>({
    name: 'migrated',
    text: 'SELECT max(number) AS newest FROM harbor_migrations',
  })
  if ((rows[0]?.newest ?? 0) < schemaVersion) throw new Error(`the database is older than migration ${schemaVersion}`)
}
