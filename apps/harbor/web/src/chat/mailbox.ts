import { post } from '../net/api.ts'
import { socket } from '../net/socket.ts'
import { newClientId } from '../state/client-id.ts'
import { draftTable } from '../state/database.ts'
import { Value } from '../state/value.ts'
import type { Message } from './message.ts'
import { type Draft, Outbox } from './outbox.ts'

/** All that was written here and is not acknowledged, of all rooms, oldest first. */
export const drafts = new Value<readonly Draft[]>([])

const sent = new Set<(message: Message) => void>()

/** The user's one outbox, over whichever way is open. */
export const outbox: Outbox = new Outbox({
  store: draftTable,
  send: async ({ room_id, content, client_id }) => {
    const body = { room_id, content, client_id }
    const { message } =
      socket.state.current === 'connected'
        ? await socket.ask<{ message: Message }>('message:send', body)
        : await post<{ message: Message }>('/api/messages', body)
    return message
  },
  onSent: (message) => {
    for (const listener of sent) listener(message)
  },
  onChange: () => drafts.set(outbox.drafts),
  wait: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
})

/** @returns ends the listening */
export function onSent(listener: (message: Message) => void): () => void {
  sent.add(listener)
  return () => void sent.delete(listener)
}

/** Shown at once, sent when it can be. */
export function write(roomId: string, content: string): void {
  const created_at = new Date().toISOString()
  void outbox.add({ client_id: newClientId(), room_id: roomId, content, created_at })
}
