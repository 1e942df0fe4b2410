import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { LayeredCache } from '../cache/layered-cache.ts'
import { isUnavailable } from '../database/unavailable.ts'
import { Channels } from '../fan-out/channels.ts'
import type { Part, Services } from '../part.ts'
import type { Connection } from '../sockets/connection.ts'
import type { SocketEvents } from '../sockets/socket-event.ts'
import { FileStore } from './files/file-store.ts'
import { fileRoutes } from './files/routes.ts'
import { messageEvents } from './messages/events.ts'
import { messageLog } from './messages/log.ts'
import { openNotices } from './messages/notices.ts'
import { openPages } from './messages/pages.ts'
import { messageRoutes } from './messages/routes.ts'
import { messageWriter } from './messages/writer.ts'
import { presenceEvents } from './presence/events.ts'
import { openPresence } from './presence/presence.ts'
import { openListing } from './rooms/listing.ts'
import { openRooms } from './rooms/rooms.ts'
import { roomRoutes } from './rooms/routes.ts'
import { searchRoutes } from './search/routes.ts'
import { openSearch } from './search/search.ts'

/** In milliseconds, of the seeds' layer of data. */
const membersTtl = 5 * 60_000

interface Chat extends Part {
  readonly events: SocketEvents
  /** To be told of each connection that opens. */
  connected(connection: Connection): void
}

/** Rooms, and messages that reach everyone in them, once and in the same order. */
export function chat({ database, redis, metrics, log }: Services): Chat {
  const { pool } = database
  const channels = new Channels({
    name: 'room',
    event: 'message',
    batchEvent: 'messages',
    log: messageLog(pool),
    redis,
    delivered: (milliseconds) => metrics.messageDelivery.observe(milliseconds),
    logger: log,
  })
  const rooms = openRooms(pool)
  const listing = openListing(database, { redis, metrics })
  const pages = openPages(database.read, { redis, metrics })
  const presence = openPresence(channels, redis.store)
  const notices = openNotices(redis, presence)
  const writer = messageWriter(pool, { channels, notices })
  const files = new FileStore(pool)
  const membersCache = new LayeredCache({ name: 'members', redis, metrics, ttl: membersTtl })

  const routes: FastifyPluginAsyncTypebox = async (app) => {
    await app.register(roomRoutes({ rooms, listing, membersCache, channels }))
    await app.register(messageRoutes({ rooms, pages, writer }))
    await app.register(searchRoutes(openSearch(database.read), rooms))
    await app.register(fileRoutes(files, rooms))
    app.addHook('onReady', async () => {
      await notices.start()
      await Promise.all([listing.warm(), files.sweep()]).catch((error: unknown) => {
        if (!isUnavailable(error)) throw error
      })
    })
  }

  return {
    name: 'chat',
    routes,
    events: { ...messageEvents({ rooms, channels, writer, presence }), ...presenceEvents(presence) },
    connected: (connection) => notices.connected(connection),
    close: async () => {
      await writer.close()
      notices.close()
      await presence.close()
      channels.close()
    },
  }
}
