import type { Transform } from 'node:stream'
import zlib from 'node:zlib'
import { TransportError } from './exchange.ts'

type Coding = 'gzip' | 'deflate' | 'br' | 'zstd'

/** Nobody wraps a body more often than this in good faith. */
const MAX_CODINGS = 4

/** zstd came to `node:zlib` after the oldest Node that Plimsoll runs on, so it is looked for and not imported. */
const withZstd = zlib as typeof zlib & {
  zstdDecompressSync?: (bytes: Uint8Array, options: { maxOutputLength: number }) => Buffer
  createZstdDecompress?: () => Transform
}

/**
 * The codings of a Content-Encoding value, in the order in which they are to be undone. Empty when there is none, or
 * one that nobody registered: such a body is handed on as it came.
 * @throws {TransportError} MALFORMED_ENCODING for more codings than anyone needs, or zstd on a Node that has none
 */
export function readCodings(contentEncoding: string): readonly Coding[] {
  const codings: Coding[] = []
  for (const part of contentEncoding.toLowerCase().split(',')) {
    const name = part.trim()
    if (name === '' || name === 'identity') continue
    if (name === 'gzip' || name === 'x-gzip') codings.unshift('gzip')
    else if (name === 'deflate' || name === 'br' || name === 'zstd') codings.unshift(name)
    else return []
  }
  if (codings.length > MAX_CODINGS) {
    throw new TransportError('MALFORMED_ENCODING', `${codings.length} content codings on one body`)
  }
  if (codings.includes('zstd') && withZstd.createZstdDecompress === undefined) {
    throw new TransportError('MALFORMED_ENCODING', `this Node (${process.version}) cannot decode zstd: 22.15 can`)
  }
  return codings
}

/**
 * Undoes the codings of a whole body.
 * @throws {TransportError} BODY_TOO_LARGE when it grows beyond `maxBody` bytes, MALFORMED_ENCODING when it is broken
 */
export function decodeBody(body: Buffer, contentEncoding: string, maxBody: number): Buffer {
  let decoded = body
  for (const coding of readCodings(contentEncoding)) {
    if (decoded.length === 0) return decoded
    decoded = decodeOnce(decoded, coding, maxBody)
  }
  return decoded
}

function decodeOnce(body: Buffer, coding: Coding, maxBody: number): Buffer {
  const options = { maxOutputLength: maxBody }
  try {
    switch (coding) {
      case 'gzip':
        return zlib.gunzipSync(body, options)
      case 'deflate':
        return isZlib(body) ? zlib.inflateSync(body, options) : zlib.inflateRawSync(body, options)
      case 'br':
        return zlib.brotliDecompressSync(body, options)
      case 'zstd':
        return withZstd.zstdDecompressSync?.(body, options) ?? body
    }
  } catch (error) {
    throw decodeFailure(error, coding, maxBody)
  }
}

/** A transform for each coding, in the order in which a streamed body passes them. `first` tells the kinds of deflate apart. */
export function createDecoders(contentEncoding: string, first: Uint8Array): Transform[] {
  return readCodings(contentEncoding).map((coding, index) => createDecoder(coding, index > 0 || isZlib(first)))
}

function createDecoder(coding: Coding, zlibFormat: boolean): Transform {
  switch (coding) {
    case 'gzip':
      return zlib.createGunzip()
    case 'deflate':
      return zlibFormat ? zlib.createInflate() : zlib.createInflateRaw()
    case 'br':
      return zlib.createBrotliDecompress()
    case 'zstd':
      return withZstd.createZstdDecompress?.() as Transform
  }
}

export function decodeFailure(error: unknown, coding: string, maxBody: number): TransportError {
  const { code, message } = error as NodeJS.ErrnoException
  if (code === 'ERR_BUFFER_TOO_LARGE') {
    return new TransportError('BODY_TOO_LARGE', `the decoded body is longer than ${maxBody} B`, error)
  }
  return new TransportError('MALFORMED_ENCODING', `the body cannot be decoded as ${coding}: ${message}`, error)
}

/** `deflate` means the zlib format; some servers send the bare stream instead (RFC 9110 §8.4.1.2). */
const isZlib = (body: Uint8Array) => (body[0]! & 0x0f) === 8 && ((body[0]! << 8) | (body[1] ?? 0)) % 31 === 0
