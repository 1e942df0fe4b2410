import { Redis as Client } from 'ioredis'
import type { Logger } from 'pino'

/**
 * One connection for commands and one for subscriptions. Away, they fail at once instead of queueing, and try again
 * every half second at the most, for ever.
 */
export function connectClients(url: string, commandTimeout: number, log: Logger) {
  const shared = {
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    connectTimeout: 1_000,
    keepAlive: 10_000,
    // Who is connected but not answered is away as well.
    commandTimeout,
    retryStrategy: (attempt: number) => Math.min(25 * 2 ** Math.min(attempt, 5), 500),
  }
  const commands = new Client(url, { ...shared, connectionName: 'harbor', enableAutoPipelining: true })
  // It subscribes anew by itself (redis-pub-sub.ts), so that whoever waits for a subscription knows when it holds.
  const subscriber = new Client(url, { ...shared, connectionName: 'harbor-subscriber', autoResubscribe: false })
  for (const client of [commands, subscriber]) {
    client.on('error', (error: Error) => log.debug({ err: error }, 'Redis connection'))
  }
  return {
    commands,
    subscriber,
    close: async () => {
      // Commands that were given are finished, if Redis is there to do so.
      await commands.quit().catch(() => undefined)
      commands.disconnect()
      subscriber.disconnect()
    },
  }
}
