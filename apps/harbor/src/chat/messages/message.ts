import type { Entry } from '../../fan-out/sequencer.ts'

/** A message that is stored. */
export interface Message {
  readonly id: string
  readonly roomId: string
  readonly seq: number
  readonly senderId: string
  readonly content: string
  readonly clientId: string | null
  readonly encrypted: boolean
  readonly createdAt: Date
}

/** A row of `messages` as pg gives it. */
export interface MessageRow {
  readonly id: string
  readonly room_id: string
  readonly seq: string
  readonly sender_id: string
  readonly content: string
  readonly client_id: string | null
  readonly encrypted: boolean
  readonly created_at: Date
}

export const columns = 'm.id, m.room_id, m.seq, m.sender_id, m.content, m.client_id, m.encrypted, m.created_at'

export const toMessage = (row: MessageRow): Message => ({
  id: row.id,
  roomId: row.room_id,
  seq: Number(row.seq),
  senderId: row.sender_id,
  content: row.content,
  clientId: row.client_id,
  encrypted: row.encrypted,
  createdAt: row.created_at,
})

/** As clients see it, everywhere. */
export const told = (message: Message) => ({
  id: message.id,
  room_id: message.roomId,
  seq: message.seq,
  sender_id: message.senderId,
  content: message.content,
  client_id: message.clientId,
  ...(message.encrypted && { encrypted: true }),
  created_at: message.createdAt.toISOString(),
})

/** @param at when it was accepted here, if it was; else when it was stored */
export const toEntry = (message: Message, at = message.createdAt.getTime()): Entry => ({
  seq: message.seq,
  at,
  json: JSON.stringify(told(message)),
})
