import compress from '@fastify/compress'
import type { FastifyInstance } from 'fastify'

/** In bytes: what is smaller gains nothing that a packet would notice. */
const threshold = 500

/**
 * Compresses the JSON of all routes made after this call, for those who take it. Only what is read with GET: tokens are
 * given by POST, and the length of a compressed secret tells of it (BREACH). ETags are weak, and so stand for all
 * encodings of an answer (RFC 9110, section 8.8.1). Bodies of requests are not unpacked: small ones may hide large ones.
 */
export async function compressAnswers(app: FastifyInstance): Promise<void> {
  app.addHook('onRoute', (route) => {
    if (route.method !== 'GET') route.compress = false
  })
  await app.register(compress, {
    threshold,
    encodings: ['br', 'gzip'],
    customTypes: /^application\/json(;|$)/,
    globalDecompression: false,
  })
}
