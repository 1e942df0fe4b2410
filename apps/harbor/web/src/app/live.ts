import { drafts, onSent, outbox } from '../chat/mailbox.ts'
import type { Message } from '../chat/message.ts'
import { socket } from '../net/socket.ts'
import { syncRegularly } from '../net/sync.ts'
import { restoreNames } from '../rooms/people.ts'
import { tellPresence } from '../rooms/presence.ts'
import { markRead, shareReading } from '../rooms/reading.ts'
import { forgetRooms, heardOf, refreshRooms, restoreRooms } from '../rooms/rooms.ts'
import { checkSession } from '../session/session.ts'
import { countUnread } from './title.ts'

/** Everything that goes on while someone is signed in. @returns ends it, and forgets what was theirs */
export function goLive(userId: string): () => void {
  const endSharing = shareReading(userId)
  const endCounting = countUnread()
  void restoreNames()
  void restoreRooms().then(() => refreshRooms().catch(() => undefined))
  void outbox.load().then(
    () => outbox.flush(),
    () => undefined,
  )
  const unwatch = socket.state.watch((state) => {
    if (state !== 'connected') return
    void outbox.flush()
    refreshRooms().catch(() => undefined)
  })
  // Whoever writes in a room has read it.
  const endSent = onSent(({ room_id, seq }) => markRead(room_id, seq))
  const endNotices = socket.on<Message>('direct', ({ room_id, seq }) => heardOf(room_id, seq))
  const tellOfLooking = () => tellPresence()
  document.addEventListener('visibilitychange', tellOfLooking)
  socket.start(checkSession)
  const stopSyncing = syncRegularly(() => {
    if (socket.state.current !== 'connected') return
    refreshRooms().catch(() => undefined)
    tellPresence()
    if (drafts.current.length > 0) void outbox.flush()
  })
  return () => {
    stopSyncing()
    document.removeEventListener('visibilitychange', tellOfLooking)
    endNotices()
    endSent()
    unwatch()
    socket.stop()
    outbox.clear()
    forgetRooms()
    endSharing()
    endCounting()
  }
}
