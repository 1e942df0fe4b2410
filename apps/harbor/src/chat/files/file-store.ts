import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import type { Pool } from 'pg'

export interface StoredFile {
  readonly id: string
  readonly number: string
  readonly owner_id: string
  readonly room_id: string | null
  readonly name: string
  readonly type: string
  readonly size: string
  readonly sha256: Buffer
  readonly created_at: Date
}

export interface NewFile {
  readonly ownerId: string
  readonly roomId: string | undefined
  readonly name: string
  readonly type: string
}

/** In bytes. */
const pieceSize = 256 * 1024

const columns = 'f.id, f.number, f.owner_id, f.room_id, f.name, f.type, f.size, f.sha256, f.created_at'

/** Files in Postgres, piece by piece: neither way is a file in memory as a whole. */
export class FileStore {
  readonly #pool: Pool

  constructor(pool: Pool) {
    this.#pool = pool
  }

  /** @param isWhole asked at the end: false leaves nothing behind, and gives undefined */
  async write(file: NewFile, content: AsyncIterable<Buffer>, isWhole: () => boolean): Promise<StoredFile | undefined> {
    const { rows } = await this.#pool.query<{ id: string }>({
      name: 'file-begin',
      text: 'INSERT INTO files (owner_id, room_id, name, type) VALUES ($1, $2, $3, $4) RETURNING id',
      values: [file.ownerId, file.roomId ?? null, file.name, file.type],
    })
    const id = rows[0]?.id ?? ''
    try {
      const hash = createHash('sha256')
      let size = 0
      let place = 0
      for await (const piece of pieces(content)) {
        hash.update(piece)
        size += piece.length
        await this.#pool.query({
          name: 'file-piece',
          text: 'INSERT INTO file_pieces (file_id, place, bytes) VALUES ($1, $2, $3)',
          values: [id, place, piece],
        })
        place += 1
      }
      if (!isWhole()) {
        await this.#remove(id)
        return undefined
      }
      const done = await this.#pool.query<StoredFile>({
        name: 'file-end',
        text: `UPDATE files f SET size = $2, sha256 = $3 WHERE id = $1 RETURNING ${columns}`,
        values: [id, size, hash.digest()],
      })
      return done.rows[0]
    } catch (error) {
      // What cannot be removed now has no size, and goes with `sweep`.
      await this.#remove(id).catch(() => undefined)
      throw error
    }
  }

  /** Undefined when it is not there, or the user may not read it. */
  async find(id: string, userId: string): Promise<StoredFile | undefined> {
    const { rows } = await this.#pool.query<StoredFile>({
      name: 'file-find',
      text: `
        SELECT ${columns} FROM files f
        WHERE id = $1 AND size IS NOT NULL AND (owner_id = $2
          OR EXISTS (SELECT FROM room_members p WHERE p.room_id = f.room_id AND p.user_id = $2))`,
      values: [id, userId],
    })
    return rows[0]
  }

  /** A room's files, or without one the user's own. */
  async page(userId: string, roomId: string | undefined, after: number, limit: number): Promise<readonly StoredFile[]> {
    const { rows } = await this.#pool.query<StoredFile>({
      name: roomId === undefined ? 'files-own' : 'files-room',
      text: `
        SELECT ${columns} FROM files f WHERE ${roomId === undefined ? 'owner_id' : 'room_id'} = $1
          AND number > $2 AND size IS NOT NULL ORDER BY number LIMIT $3`,
      values: [roomId ?? userId, after, limit],
    })
    return rows
  }

  /** The bytes from `start` to `end`, both included, read as fast as they are taken. */
  read(id: string, start: number, end: number): Readable {
    const pool = this.#pool
    async function* read(): AsyncGenerator<Buffer> {
      for (let place = Math.floor(start / pieceSize); place * pieceSize <= end; place += 1) {
        const { rows } = await pool.query<{ bytes: Buffer }>({
          name: 'file-read',
          text: 'SELECT bytes FROM file_pieces WHERE file_id = $1 AND place = $2',
          values: [id, place],
        })
        const from = place * pieceSize
        const piece = rows[0]?.bytes.subarray(Math.max(0, start - from), end - from + 1)
        if (piece === undefined) throw new Error(`file ${id} has no piece ${place}`)
        yield piece
      }
    }
    return Readable.from(read(), { objectMode: false })
  }

  /** Removes what was begun a day ago and never finished. */
  async sweep(): Promise<void> {
    await this.#pool.query({
      name: 'files-sweep',
      text: `DELETE FROM files WHERE size IS NULL AND created_at < clock_timestamp() - interval '1 day'`,
    })
  }

  async #remove(id: string): Promise<void> {
    await this.#pool.query({ name: 'file-remove', text: 'DELETE FROM files WHERE id = $1', values: [id] })
  }
}

async function* pieces(content: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let parts: Buffer[] = []
  let size = 0
  for await (const part of content) {
    parts.push(part)
    size += part.length
    if (size < pieceSize) continue
    const all = Buffer.concat(parts, size)
    let at = 0
    for (; size - at >= pieceSize; at += pieceSize) yield all.subarray(at, at + pieceSize)
    parts = [all.subarray(at)]
    size -= at
  }
  if (size > 0) yield Buffer.concat(parts, size)
}
