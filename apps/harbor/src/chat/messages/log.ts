import type { Pool } from 'pg'
import type { Log } from '../../fan-out/channel.ts'
import { columns, type MessageRow, toEntry, toMessage } from './message.ts'

/** The messages of rooms as channels read them. */
export const messageLog = (pool: Pool): Log => ({
  async head(id) {
    const { rows } = await pool.query<{ last_seq: string }>({
      name: 'room-head',
      text: 'SELECT last_seq FROM rooms WHERE id = $1',
      values: [id],
    })
    return Number(rows[0]?.last_seq ?? 0)
  },
  async heads(ids) {
    const { rows } = await pool.query<{ id: string; last_seq: string }>({
      name: 'room-heads',
      text: 'SELECT id, last_seq FROM rooms WHERE id = ANY($1)',
      values: [ids],
    })
    return new Map(rows.map(({ id, last_seq }) => [id, Number(last_seq)]))
  },
  async read(id, after, limit) {
    const { rows } = await pool.query<MessageRow>({
      name: 'messages-after',
      text: `SELECT ${columns} FROM messages m WHERE room_id = $1 AND seq > $2 ORDER BY seq LIMIT $3`,
      values: [id, after, limit],
    })
    return rows.map((row) => toEntry(toMessage(row)))
  },
  membership: {
    async versions(ids) {
      const { rows } = await pool.query<{ id: string; members_version: string }>({
        name: 'room-members-versions',
        text: 'SELECT id, members_version FROM rooms WHERE id = ANY($1)',
        values: [ids],
      })
      return new Map(rows.map(({ id, members_version }) => [id, Number(members_version)]))
    },
    async remaining(id, userIds) {
      const { rows } = await pool.query<{ user_id: string }>({
        name: 'room-members-remaining',
        text: 'SELECT user_id FROM room_members WHERE room_id = $1 AND user_id = ANY($2)',
        values: [id, userIds],
      })
      return new Set(rows.map(({ user_id }) => user_id))
    },
  },
})
