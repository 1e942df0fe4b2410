import multipart, { type MultipartFile } from '@fastify/multipart'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { principalOf, requireUser } from '../../accounts/principal.ts'
import { HttpError } from '../../http/http-error.ts'
import { numberCursor } from '../../http/number-cursor.ts'
import { ErrorAnswer } from '../../http/openapi.ts'
import { isStorableText } from '../../http/validation.ts'
import { Gate } from '../../resilience/gate.ts'
import type { Rooms } from '../rooms/rooms.ts'
import type { FileStore, StoredFile as Row } from './file-store.ts'
import { peek } from './peek.ts'
import { readRange } from './range.ts'
import { type Raster, readRaster } from './raster.ts'
import { FileParameters, FilesPage, FilesQuery, UploadedFile, UploadQuery } from './schemas.ts'

/** In bytes. */
const mostBytes = 25 * 1024 * 1024
const errors = { '4xx': ErrorAnswer, '5xx': ErrorAnswer }
const cursors = numberCursor('f')

/** In bytes: within these an image says how large it is. */
const headSize = 256 * 1024

/** Types that a browser may show; everything else it saves. A file has one of them only if its own bytes say so. */
const shown: ReadonlySet<string> = new Set<Raster['type']>(['image/png', 'image/jpeg', 'image/gif', 'image/webp'])

export function fileRoutes(files: FileStore, rooms: Rooms): FastifyPluginAsyncTypebox {
  // A slow sender holds its place, not a connection to Postgres.
  const uploads = new Gate({ atOnce: 32, waiting: 64, what: 'uploads' })

  return async (app) => {
    app.addHook('onRequest', requireUser)
    await app.register(multipart, {
      limits: { fileSize: mostBytes, files: 1, fields: 0, headerPairs: 20, parts: 2 },
      throwFileSizeLimit: false,
    })
    const shared = { tags: ['files'], security: [{ session: [] }] }

    app.post(
      '/api/files',
      {
        bodyLimit: mostBytes + 64 * 1024,
        schema: {
          ...shared,
          consumes: ['multipart/form-data'],
          description: 'One part with a file name. Members of `room` may read it; without a room nobody else.',
          querystring: UploadQuery,
          response: { 201: Type.Object({ file: UploadedFile }), ...errors },
        },
      },
      async (request, reply) => {
        const { userId } = principalOf(request)
        const { room } = request.query
        if (room !== undefined) await rooms.access(room, userId)
        if (!request.isMultipart()) throw new HttpError(415, 'The body must be multipart/form-data with one file.')
        const { stored, raster } = await uploads.run(async () => {
          const part = await onePart(() => request.file())
          const { head, whole } = await peek(part.file, headSize)
          const raster = readRaster(head)
          const type = raster?.type ?? typeOf(part.mimetype)
          const file = { ownerId: userId, roomId: room, name: nameOf(part.filename), type }
          return { stored: await files.write(file, whole, () => !part.file.truncated), raster }
        })
        if (stored === undefined) throw new HttpError(413, 'The file is larger than 25 MB.')
        const size = raster && { width: raster.width, height: raster.height }
        return reply.code(201).send({ file: { ...told(stored), ...size } })
      },
    )

    app.get(
      '/api/files',
      { schema: { ...shared, querystring: FilesQuery, response: { 200: FilesPage, ...errors } } },
      async (request) => {
        const { userId } = principalOf(request)
        const { room, cursor, limit } = request.query
        const after = cursors.read(cursor)
        if (room !== undefined) await rooms.access(room, userId)
        const found = await files.page(userId, room, after, limit + 1)
        const page = found.slice(0, limit)
        const last = found.length > limit ? page.at(-1) : undefined
        return {
          files: page.map(told),
          next_cursor: last ? cursors.write(last.number) : null,
          has_more: last !== undefined,
        }
      },
    )

    // As they were given: their ranges are of the file's own bytes.
    app.get(
      '/api/files/:id',
      { compress: false, schema: { ...shared, params: FileParameters } },
      async (request, reply) => {
        const file = await files.find(request.params.id, principalOf(request).userId)
        if (file === undefined) throw new HttpError(404, 'There is no such file for you.')
        if (request.headers['sec-fetch-dest'] === 'image' && !shown.has(file.type)) {
          throw new HttpError(404, 'This file is no image that may be shown.')
        }
        const size = Number(file.size)
        const etag = `"${file.sha256.toString('base64url')}"`
        reply.headers({
          etag,
          'accept-ranges': 'bytes',
          'cache-control': 'private, max-age=31536000, immutable',
          vary: 'Authorization, Cookie',
          'content-disposition': disposition(file),
          // Whatever someone uploaded runs nothing here.
          'content-security-policy': "default-src 'none'; sandbox",
          'x-content-type-options': 'nosniff',
        })
        if (request.headers['if-none-match'] === etag) return reply.code(304).send()
        const range = readRange(request.headers.range, size)
        if (range === 'unsatisfiable') {
          throw new HttpError(416, `The file has ${size} bytes.`, { headers: { 'content-range': `bytes */${size}` } })
        }
        const { start, end } = range ?? { start: 0, end: size - 1 }
        if (range) reply.code(206).header('content-range', `bytes ${start}-${end}/${size}`)
        reply.type(file.type).header('content-length', end - start + 1)
        return reply.send(files.read(file.id, start, end))
      },
    )
  }
}

/** @throws {HttpError} 400 for whatever the parser does not take */
async function onePart(next: () => Promise<MultipartFile | undefined>): Promise<MultipartFile> {
  const part = await next().catch((error: Error) => {
    throw new HttpError(400, 'The body must hold one file, as multipart/form-data.', { cause: error })
  })
  if (part === undefined) throw new HttpError(400, 'The body holds no file.')
  return part
}

/** What a file is called for people; it is never a path of anything here. */
function nameOf(given: string): string {
  const name = (given.split(/[/\\]/).at(-1) ?? '')
    .replace(/\p{Cc}/gu, '')
    .trim()
    .slice(0, 255)
  return isStorableText(name) && name !== '' && name !== '.' && name !== '..' ? name : 'file'
}

/** What the sender calls it, unless that is what only the bytes may say. */
const typeOf = (given: string): string =>
  /^[\w.+-]+\/[\w.+-]{1,100}$/.test(given) && !shown.has(given.toLowerCase()) ? given : 'application/octet-stream'

/** RFC 6266 and RFC 8187. */
const disposition = ({ name, type }: Row): string =>
  `${shown.has(type) ? 'inline' : 'attachment'}; filename*=UTF-8''${encodeURIComponent(name).replace(/['()*]/g, (c) => `%${c.charCodeAt(0).toString(16)}`)}`

const told = (file: Row) => ({
  id: file.id,
  name: file.name,
  type: file.type,
  size: Number(file.size),
  owner_id: file.owner_id,
  room_id: file.room_id,
  created_at: file.created_at.toISOString(),
})
