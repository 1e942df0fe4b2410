import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Part } from '../part.ts'
import { encodingFor } from './accept-encoding.ts'
import { readFiles, type WebFile } from './files.ts'

/** Where the client shows something. Named one by one, so that whatever else does not exist is a 404 like any other. */
const pages = ['/', '/sign-in', '/rooms', '/rooms/:id', '/documents', '/documents/:id']

/** The built web client, held in memory. @param root the folder that `web/build.mjs` wrote */
export function web(root: URL): Part {
  const routes: FastifyPluginAsyncTypebox = async (app) => {
    for (const file of await readFiles(root)) {
      const urls = file.path === 'index.html' ? pages : [`/${file.path}`]
      for (const url of urls) app.get(url, { schema: { hide: true } }, (request, reply) => send(file, request, reply))
    }
  }
  return { name: 'web', routes, close: async () => undefined }
}

function send(file: WebFile, request: FastifyRequest, reply: FastifyReply) {
  const encoding = encodingFor(request.headers['accept-encoding'], file)
  // A strong ETag names bytes, and so the encoding too (RFC 9110, section 8.8.3).
  const etag = `"${file.etag}${encoding === 'identity' ? '' : `-${encoding}`}"`
  reply.headers({
    'content-type': file.type,
    etag,
    vary: 'Accept-Encoding',
    'cache-control': file.immutable ? 'public, max-age=31536000, immutable' : 'no-cache',
  })
  if (request.headers['if-none-match']?.split(',').some((known) => known.trim().replace(/^W\//, '') === etag)) {
    return reply.code(304).send()
  }
  if (encoding !== 'identity') reply.header('content-encoding', encoding)
  return reply.send(file[encoding] ?? file.identity)
}
