import { type Instance, startInstance } from './instance.ts'
import { startTestPostgres } from './postgres.ts'
import { startTestRedis, type TestRedis } from './redis.ts'

/** Two instances of one service: a Postgres and a Redis of their own, which may be taken away. */
export interface Pair {
  readonly harbor: Instance
  readonly other: Instance
  readonly redis: TestRedis
  close(): Promise<void>
}

export async function startPair(variables: Readonly<Record<string, string>> = {}): Promise<Pair> {
  const postgres = await startTestPostgres()
  const redis = await startTestRedis()
  const url = await postgres.database()
  const environment = { REDIS_URL: redis.url, ...variables }
  const harbor = await startInstance(url, { environment })
  const other = await startInstance(url, { environment })
  return {
    harbor,
    other,
    redis,
    async close() {
      await harbor.close()
      await other.close()
      await redis.stop()
      await postgres.stop()
    },
  }
}
