import { randomUUID } from 'node:crypto'
import type { Redis } from '../../redis/redis.ts'
import type { Connection } from '../../sockets/connection.ts'
import type { Presence } from '../presence/presence.ts'

export interface Notices {
  /** A connection that is told from now on, until it closes. */
  connected(connection: Connection): void
  /** Tells a user's connections, on all instances, of a message in a direct room, but for those that have joined it. */
  tell(userId: string, roomId: string, json: string): void
  /** Begins to hear what other instances tell. */
  start(): Promise<void>
  close(): void
}

/** One for all users: a direct message is one hint to each instance, and a connection costs no subscription. */
const channel = 'harbor:direct'

/**
 * Nobody joins a direct room that they know nothing of: the other of the two is told with the event `direct`. Notices may be
 * lost; the list of one's rooms has every message's number.
 */
export function openNotices(redis: Redis, presence: Presence): Notices {
  const sender = randomUUID()
  const ofUser = new Map<string, Set<Connection>>()
  let unsubscribe: (() => void) | undefined

  function tellHere(userId: string, roomId: string, json: string): void {
    for (const connection of ofUser.get(userId) ?? []) {
      if (!presence.isIn(connection, roomId)) connection.emit({ event: 'direct', json })
    }
  }

  function hear(text: string): void {
    const [, from, userId, roomId, json] = /^(\S+) (\S+) (\S+) (.*)$/s.exec(text) ?? []
    if (from === sender || userId === undefined || roomId === undefined || json === undefined) return
    tellHere(userId, roomId, json)
  }

  return {
    connected(connection) {
      const { userId } = connection
      const siblings = ofUser.get(userId) ?? new Set()
      ofUser.set(userId, siblings.add(connection))
      connection.onClose(() => {
        siblings.delete(connection)
        if (siblings.size === 0 && ofUser.get(userId) === siblings) ofUser.delete(userId)
      })
    },
    tell(userId, roomId, json) {
      tellHere(userId, roomId, json)
      redis.pubSub.publish(channel, `${sender} ${userId} ${roomId} ${json}`).catch(() => undefined)
    },
    async start() {
      unsubscribe = await redis.pubSub.subscribe(channel, hear)
    },
    close: () => unsubscribe?.(),
  }
}
