import { createLog } from '../../apps/harbor/src/log.ts'
import { type Library, type Redis as Opened, openRedis } from '../../apps/harbor/src/redis/redis.ts'
import { wait, within } from '../harness/wait.ts'
import { Redis } from './redis.ts'

type Client = Library['client']

export interface Connected {
  readonly redis: Opened
  readonly client: Client
  close(): Promise<void>
}

/** A redis-server of its own, and harbor's connection to it. */
export async function connectRedis(core: number | undefined): Promise<Connected> {
  const server = await Redis.start(core)
  const observer = { command: () => undefined, failure: () => undefined }
  const redis = openRedis(server.url, { log: createLog('silent'), observer })
  const close = async () => {
    await redis.close()
    await server.stop()
  }
  try {
    await within(10, 'connecting to Redis', isReady(redis))
    if (redis.library === undefined) throw new Error('there is no client')
    return { redis, client: redis.library.client, close }
  } catch (error) {
    await close()
    throw error
  }
}

async function isReady(redis: Opened): Promise<void> {
  while (!redis.isReady()) await wait(0.01)
}

/** CPU that Redis has used by its own count, in microseconds. */
export async function usedByRedis(client: Client): Promise<number> {
  const text = await client.info('cpu')
  const seconds = (name: string) => Number(new RegExp(`${name}:(\\S+)`).exec(text)?.[1])
  return (seconds('used_cpu_user') + seconds('used_cpu_sys')) * 1e6
}
