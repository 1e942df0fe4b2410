import type { Pool } from 'pg'
import { HttpError } from '../../http/http-error.ts'
import { columns, type Kind, type RoomRow } from './room.ts'

/** What is known of a room when someone asks for something in it. */
export interface Access {
  readonly kind: Kind
  readonly lastSeq: number
  /** Changes with the list of its members. */
  readonly membersVersion: number
}

export interface Rooms {
  create(name: string, kind: Kind, userId: string): Promise<RoomRow>
  /** @throws {HttpError} 404 when there is no such room, 403 when the user is no member */
  access(roomId: string, userId: string): Promise<Access>
  /** @returns true if the user was no member before. @throws {HttpError} 404; 403 for others' direct rooms */
  join(roomId: string, userId: string): Promise<boolean>
  /** @returns true if the user was a member. @throws {HttpError} 404; 403 for direct rooms */
  leave(roomId: string, userId: string): Promise<boolean>
  /** The one room of two users, which is made when it is needed. @throws {HttpError} 404 when there is no such user */
  direct(userId: string, otherId: string): Promise<string>
  members(roomId: string, after: string | undefined, limit: number): Promise<readonly MemberRow[]>
}

export interface MemberRow {
  readonly user_id: string
  readonly name: string
  readonly joined_at: Date
}

interface Change {
  readonly kind: Kind
  readonly changed: boolean
}

const noRoom = () => new HttpError(404, 'There is no such room.')

export function openRooms(pool: Pool): Rooms {
  async function change(name: string, statement: string, roomId: string, userId: string): Promise<boolean> {
    const { rows } = await pool.query<Change>({
      name,
      text: `
        WITH target AS (SELECT id, kind FROM rooms WHERE id = $1),
        changed AS (${statement}),
        versioned AS (UPDATE rooms SET members_version = members_version + 1 WHERE id IN (SELECT room_id FROM changed))
        SELECT kind, EXISTS (SELECT FROM changed) AS changed FROM target`,
      values: [roomId, userId],
    })
    const [row] = rows
    if (row === undefined) throw noRoom()
    if (row.kind === 'direct') throw new HttpError(403, 'A direct room stays with its two users.')
    return row.changed
  }

  return {
    async create(name, kind, userId) {
      const { rows } = await pool.query<RoomRow>({
        name: 'room-create',
        text: `
          WITH r AS (INSERT INTO rooms (name, kind, created_by) VALUES ($1, $2, $3) RETURNING *),
          maker AS (INSERT INTO room_members (room_id, user_id) SELECT id, $3 FROM r)
          SELECT ${columns} FROM r`,
        values: [name, kind, userId],
      })
      const [row] = rows
      if (row === undefined) throw new Error('a room was made and is not there')
      return row
    },
    async access(roomId, userId) {
      const { rows } = await pool.query<{ kind: Kind; last_seq: string; members_version: string; member: boolean }>({
        name: 'room-access',
        text: `
          SELECT kind, last_seq, members_version,
            EXISTS (SELECT FROM room_members WHERE room_id = $1 AND user_id = $2) AS member
          FROM rooms WHERE id = $1`,
        values: [roomId, userId],
      })
      const [row] = rows
      if (row === undefined) throw noRoom()
      if (!row.member) throw new HttpError(403, 'Only members see what is in this room.')
      return { kind: row.kind, lastSeq: Number(row.last_seq), membersVersion: Number(row.members_version) }
    },
    join: (roomId, userId) =>
      change(
        'room-join',
        `INSERT INTO room_members (room_id, user_id) SELECT id, $2 FROM target WHERE kind <> 'direct'
         ON CONFLICT DO NOTHING RETURNING room_id`,
        roomId,
        userId,
      ),
    leave: (roomId, userId) =>
      change(
        'room-leave',
        `DELETE FROM room_members USING target WHERE room_id = id AND user_id = $2 AND kind <> 'direct'
         RETURNING room_id`,
        roomId,
        userId,
      ),
    async direct(userId, otherId) {
      const pair = [userId, otherId].sort().join(' ')
      // Only a room that is new waits for the number that a room gets.
      const { rows: known } = await pool.query<{ id: string }>({
        name: 'room-of-pair',
        text: 'SELECT id FROM rooms WHERE pair = $1',
        values: [pair],
      })
      if (known[0]) return known[0].id
      const { rows } = await pool.query<{ id: string }>({
        name: 'room-direct',
        // The update changes nothing, but makes the row that is there already come back.
        text: `
          WITH r AS (
            INSERT INTO rooms (name, kind, created_by, pair)
            SELECT '', 'direct', $1, $3 WHERE EXISTS (SELECT FROM users WHERE id = $2)
            ON CONFLICT (pair) DO UPDATE SET pair = excluded.pair RETURNING id
          ),
          members AS (
            INSERT INTO room_members (room_id, user_id) SELECT DISTINCT r.id, u FROM r, unnest(ARRAY[$1::uuid, $2::uuid]) AS u
            ON CONFLICT DO NOTHING
          )
          SELECT id FROM r`,
        values: [userId, otherId, pair],
      })
      const [row] = rows
      if (row === undefined) throw new HttpError(404, 'There is no such user.')
      return row.id
    },
    async members(roomId, after, limit) {
      const { rows } = await pool.query<MemberRow>({
        name: 'room-members',
        text: `
          SELECT p.user_id, u.name, p.joined_at FROM room_members p JOIN users u ON u.id = p.user_id
          WHERE p.room_id = $1 AND ($2::uuid IS NULL OR p.user_id > $2) ORDER BY p.user_id LIMIT $3`,
        values: [roomId, after ?? null, limit],
      })
      return rows
    },
  }
}
